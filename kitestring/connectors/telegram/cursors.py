"""The inbox's cursor: the next update, which thread belongs to which post, and the reactions told of so far."""

from __future__ import annotations

import json
from typing import Any, Final

# The newest so many threads and posts with reactions are remembered.
REMEMBERED: Final = 300


def opened(cursor: str) -> dict[str, Any]:
    """{"offset": number, "threads": {thread: post}, "counts": {message: reactions}}; an older one had no counts."""
    found = json.loads(cursor) if cursor else {}
    return {"offset": 0, "threads": {}, "counts": {}, **found}


def closed(state: dict[str, Any]) -> str:
    kept = {key: dict(list(state[key].items())[-REMEMBERED:]) for key in ("threads", "counts")}
    return json.dumps({**state, **kept}, separators=(",", ":"))
