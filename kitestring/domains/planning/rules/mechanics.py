"""What people do in a campaign, as far as the rules of channels ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N

MECHANICS: Final = {
    "draw": N("A prize draw"),
    "test": N("A quiz or fortune test"),
    "other": N("Something else"),
}


def mechanics_choices() -> list[tuple[str, str]]:
    """Each kind with its name in the reader's language."""
    return [(key, _(label)) for key, label in MECHANICS.items()]


def mechanics_words(told: Mapping[str, Any]) -> list[str]:
    """`told` as `Campaign.mechanics` gives it, in the reader's language."""
    kind = told.get("kind", "")
    said = [_(MECHANICS[kind]) if kind in MECHANICS else kind] if kind else []
    said += [_("asks to share first")] if told.get("share_gate") else []
    return said + ([_("asks to follow first")] if told.get("follow_gate") else [])
