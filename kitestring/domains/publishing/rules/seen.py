"""The state in which a person sees a delivery, and the one to see first of several: the same words on every page."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

# What a person must hear of first, when a post's deliveries are not all alike.
LOUDEST: Final = (
    "needs_attention", "failed", "unknown", "held", "handed_off", "approval", "sending", "processing", "scheduled",
    "draft", "settled", "published", "withdrawn", "cancelled",
)  # fmt: skip


def seen(state: str, *, lacks_approval: bool, in_doubt: bool) -> str:
    """`lacks_approval`: the brand asks for a yes to this text and nobody gave it; `in_doubt`: its answer was lost once."""
    if state == "scheduled" and lacks_approval:
        return "approval"
    return "settled" if state == "published" and in_doubt else state


def loudest(states: Collection[str]) -> str:
    """The one state shown for several deliveries; "" for none."""
    return next((state for state in LOUDEST if state in states), "")
