"""What holds a delivery together with others: a pause, or its account's ended grant. One cure lets all of them go."""

from __future__ import annotations

from typing import Final

from kitestring.domains.publishing.rules.words import REASONS

PAUSE, GRANT = "pause", "grant"
# The reasons that hold a delivery alone: each of those is cured by itself.
ALONE: Final = tuple(key for key, one in REASONS.items() if one.cure not in ("resume", "reconnect"))


def held_by(reason: str) -> str:
    """PAUSE, GRANT (also in the channel's own words) or "": it is held alone."""
    if reason in ALONE:
        return ""
    return PAUSE if reason in REASONS and REASONS[reason].cure == "resume" else GRANT
