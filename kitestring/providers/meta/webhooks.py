"""What Meta pushes to an app: the challenge when an address is saved, and what changed, signed with the app's secret.

One address serves a whole app and all its pages, so none of our doors (one for each account) can take it yet.
Source: developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from typing import Any

from kitestring.connectorkit.hooks import Heard, Knock
from kitestring.providers.meta.signing import is_signed

LONGEST = 200  # letters of a challenge


def verify(knock: Knock, *, token: str, secret: str) -> Heard | None:
    """None when it is not surely from Meta. `token`: the verify token agreed with it; `secret`: the app's own."""
    if knock.method == "GET":
        asked = knock.query
        challenge = asked.get("hub.challenge", "")
        given = asked.get("hub.verify_token", "").encode("utf-8", "replace")
        sound = challenge.isascii() and challenge.isprintable() and 0 < len(challenge) <= LONGEST
        agreed = bool(token) and hmac.compare_digest(given, token.encode())
        return Heard(challenge) if asked.get("hub.mode") == "subscribe" and agreed and sound else None
    if not is_signed(knock.body, knock.headers.get("x-hub-signature-256", ""), secret):
        return None
    try:
        body = json.loads(knock.body)
    except (ValueError, RecursionError):
        return None
    return Heard("EVENT_RECEIVED", tuple(sorted(set(_about(body)))))


def _about(body: Any) -> Iterator[str]:
    """The ids of posts and videos that changed."""
    for entry in _rows(body, "entry"):
        for change in _rows(entry, "changes"):
            value = change.get("value")
            told = value if isinstance(value, dict) else {}
            for key in ("post_id", "video_id", "id"):
                if isinstance(told.get(key), str | int):
                    yield str(told[key])


def _rows(body: Any, key: str) -> list[dict[str, Any]]:
    rows = body.get(key) if isinstance(body, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
