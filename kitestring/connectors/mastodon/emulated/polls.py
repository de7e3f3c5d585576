"""A poll as the server takes and shows it (entities/Poll; poll_options_validator.rb, poll_expiration_validator.rb)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.counting import count

CHOICES: Final = (2, 4)
LETTERS: Final = 50
OPEN: Final = (300, 2_629_746)  # seconds


def poll_of(number: str, asked: Any, files: list[str], at: datetime) -> dict[str, Any] | None:
    """None where none is asked for. Raises ValueError in the server's words."""
    if not asked:
        return None
    if files:
        raise ValueError("Validation failed: Cannot attach files to a poll")
    choices = [str(one) for one in asked.get("options") or []]
    if len(choices) < CHOICES[0]:
        raise ValueError("Validation failed: Poll options must have more than one item")
    if len(choices) > CHOICES[1]:
        raise ValueError("Validation failed: Poll options can't contain more than 4 items")
    if len(set(choices)) < len(choices):
        raise ValueError("Validation failed: Poll options contain duplicate items")
    if any(count(one, "grapheme") > LETTERS for one in choices):
        raise ValueError("Validation failed: Poll options can't be longer than 50 characters each")
    seconds = int(asked.get("expires_in") or 0)
    if not OPEN[0] <= seconds <= OPEN[1]:
        raise ValueError("Validation failed: Poll expires_in is out of range")
    ends = (at + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    return {
        "id": number,
        "expires_at": ends,
        "expired": False,
        "multiple": bool(asked.get("multiple")),
        "votes_count": 0,
        "voters_count": 0 if asked.get("multiple") else None,
        "options": [
            {"title": one, "votes_count": None if asked.get("hide_totals") else 0} for one in choices
        ],
        "emojis": [],
        "voted": True,
        "own_votes": [],
    }
