"""X's refusals as a table: what the answer says, whom it concerns, and our reason. Only `client.py` reads it.

Sources: xdevplatform/docs, Response codes and errors, Manage Posts, and best practices of media; for the words of 403
answers, which no document lists, answers that others recorded (tests/fixtures/errors.json says which).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Row:
    """`what`: a refusal, the end of the grant, or a wait of `after` seconds."""

    what: Literal["refused", "ended", "later"]
    field: str
    reason: str
    after: float | None = None


NOT_SUMMONED = Row("refused", "reply_to", "cannot_reply")
NO_CREDITS = Row("later", "", "no_credits", 1800.0)
# Words of `detail` or `message`, in lower case; the first that fits.
WORDS: tuple[tuple[str, Row], ...] = (
    ("duplicate content", Row("refused", "text", "duplicate")),
    ("status is a duplicate", Row("refused", "text", "duplicate")),
    ("not been mentioned or otherwise engaged", NOT_SUMMONED),
    ("not permitted to reply", NOT_SUMMONED),
    ("restricted who can reply", NOT_SUMMONED),
    ("deleted or not visible to you", Row("refused", "reply_to", "deleted")),
    ("text is too long", Row("refused", "text", "refused")),
    ("post a video longer than", Row("refused", "media", "video_too_long")),
    ("media ids are invalid", Row("refused", "media", "media_lost")),
    ("cashtag", Row("refused", "text", "cashtags")),
    ("quoting", Row("refused", "options.quote", "quotes_closed")),
    ("quote", Row("refused", "options.quote", "quotes_closed")),
    ("permission to dm", Row("refused", "reply_to", "cannot_message")),
    ("cannot send messages to this user", Row("refused", "reply_to", "cannot_message")),
    ("account is suspended", Row("ended", "", "account_gone")),
    ("account is temporarily locked", Row("ended", "", "account_locked")),
    ("does not have any credits", NO_CREDITS),
    ("credits depleted", NO_CREDITS),
)
# The last part of `type`, which is an address.
TYPES: dict[str, Row] = {
    "credits": NO_CREDITS,
    "credits-depleted": NO_CREDITS,
    "usage-capped": Row("later", "", "spending_limit", 3600.0),
    "rate-limit-exceeded": Row("later", "", "busy"),
    "client-forbidden": Row("refused", "account", "app_not_enrolled"),
    "client-not-enrolled": Row("refused", "account", "app_not_enrolled"),
    "resource-not-found": Row("refused", "", "not_there"),
    "resource-unavailable": Row("refused", "", "not_there"),
    "not-authorized-for-resource": Row("refused", "", "not_open"),
    "disallowed-resource": Row("refused", "", "refused"),
}
# Numbers of the older form, {"errors": [{"code", "message"}]}, which some addresses still use.
CODES: dict[int, Row] = {
    64: Row("ended", "", "account_gone"),
    88: Row("later", "", "busy"),
    89: Row("ended", "", "grant_expired"),
    144: Row("refused", "", "not_there"),
    150: Row("refused", "reply_to", "cannot_message"),
    186: Row("refused", "text", "refused"),
    187: Row("refused", "text", "duplicate"),
    324: Row("refused", "media", "media_lost"),
    326: Row("ended", "", "account_locked"),
    349: Row("refused", "reply_to", "cannot_message"),
    385: Row("refused", "reply_to", "deleted"),
    433: NOT_SUMMONED,
}
# What a parameter that X finds wrong belongs to here.
FIELDS = {
    "text": "text",
    "media": "media",
    "reply": "reply_to",
    "poll": "options.poll",
    "quote_tweet_id": "options.quote",
}


def said(body: Mapping[str, Any]) -> str:
    """The plainest sentence in a problem: of its errors the first, else its detail or title."""
    for error in body.get("errors") or ():
        if isinstance(error, Mapping) and (text := error.get("message") or error.get("detail")):
            return str(text)
    return str(body.get("detail") or body.get("message") or body.get("title") or "")


def row_of(body: Mapping[str, Any]) -> Row | None:
    """What a problem means; None when the table does not know it."""
    every = [body, *(error for error in body.get("errors") or () if isinstance(error, Mapping))]
    words = " ".join(f"{one.get('detail') or ''} {one.get('message') or ''}" for one in every).lower()
    for needle, row in WORDS:
        if needle in words:
            return row
    for one in every:
        kind = str(one.get("type") or "").rstrip("/").rpartition("/")[2]
        if found := TYPES.get(kind):
            return found
        code = one.get("code")
        if isinstance(code, int) and code in CODES:
            return CODES[code]
    return None


def field_of(body: Mapping[str, Any]) -> str:
    """The field an invalid parameter belongs to; "" when it is none of the post's own."""
    for error in body.get("errors") or ():
        names = error.get("parameters") if isinstance(error, Mapping) else None
        for name in names if isinstance(names, Mapping) else ():
            if found := FIELDS.get(str(name).partition(".")[0]):
                return found
    return ""
