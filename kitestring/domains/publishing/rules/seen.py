"""The state in which a person sees a delivery, and the one to see first of several: the same words on every page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

# What a person must hear of first, when a post's deliveries are not all alike.
LOUDEST: Final = (
    "needs_attention", "failed", "unknown", "held", "handed_off", "approval", "sending", "processing", "partly_out", "scheduled",
    "draft", "settled", "published", "withdrawn", "cancelled",
)  # fmt: skip


# How long after its hour what is scheduled is about to leave: a worker takes it up within seconds. Later it is late.
ABOUT_TO: Final = timedelta(minutes=1)


def leaves_now(state: str, due_at: datetime, moment: datetime, not_before: datetime | None = None) -> bool:
    """Its hour has just come, so nothing about it can be changed any more, though no worker has it yet. One that was
    tried and waits for its next try leaves then.
    """
    if state != "scheduled" or (not_before is not None and not_before > moment):
        return False
    return due_at <= moment < due_at + ABOUT_TO


def seen(state: str, *, lacks_approval: bool, in_doubt: bool) -> str:
    """`lacks_approval`: the brand asks for a yes to this text and nobody gave it; `in_doubt`: its answer was lost once."""
    if state == "scheduled" and lacks_approval:
        return "approval"
    return "settled" if state == "published" and in_doubt else state


def loudest(states: Collection[str]) -> str:
    """The one state shown for several deliveries; "" for none."""
    return next((state for state in LOUDEST if state in states), "")
