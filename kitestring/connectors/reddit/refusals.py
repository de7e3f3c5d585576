"""What Reddit's error codes mean: the outcome, the field, the sentence.

Codes: github.com/reddit-archive/reddit, r2/lib/errors.py; github.com/Pyprohly/reddit-api-doc-notes. Those of today's checks of
a post (SUBMIT_VALIDATION_...) are from reports of what it answered. A code that is not known here is told in Reddit's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater


@dataclass(frozen=True)
class Row:
    """`field` "" takes the one that Reddit names. `after` in seconds."""

    what: Literal["no", "later", "ended"]
    reason: str
    field: str = ""
    after: float | None = None


ROWS: Final = {
    "RATELIMIT": Row("later", "too_often", after=600),
    "QUOTA_FILLED": Row("later", "too_often", after=3600),
    "SUBREDDIT_RATELIMIT": Row("later", "too_often", after=600),
    "USER_REQUIRED": Row("ended", "grant_expired"),
    "SUBREDDIT_NOEXIST": Row("no", "subreddit_unknown", "options.subreddit"),
    "SUBREDDIT_REQUIRED": Row("no", "subreddit_unknown", "options.subreddit"),
    "BAD_SR_NAME": Row("no", "subreddit_unknown", "options.subreddit"),
    "SUBREDDIT_NOTALLOWED": Row("no", "not_allowed_there", "options.subreddit"),
    "NO_SELFS": Row("no", "kind_not_there", "kind"),
    "NO_LINKS": Row("no", "kind_not_there", "kind"),
    "NO_IMAGES": Row("no", "kind_not_there", "kind"),
    "NO_VIDEOS": Row("no", "kind_not_there", "kind"),
    "NO_GALLERIES": Row("no", "kind_not_there", "kind"),
    "ALREADY_SUB": Row("no", "already_submitted", "link"),
    "DOMAIN_BANNED": Row("no", "domain_banned", "link"),
    "BAD_URL": Row("no", "link_missing", "link"),
    "NO_URL": Row("no", "link_missing", "link"),
    "TOO_LONG": Row("no", "too_long_there"),
    "NO_TEXT": Row("no", "words_missing"),
    "SUBMIT_VALIDATION_FLAIR_REQUIRED": Row("no", "flair_required", "options.flair"),
    "TOO_OLD": Row("no", "archived", "reply_to"),
    "THREAD_LOCKED": Row("no", "locked", "reply_to"),
    "DELETED_LINK": Row("no", "deleted", "reply_to"),
    "DELETED_COMMENT": Row("no", "deleted", "reply_to"),
    "DELETED_THING": Row("no", "deleted", "reply_to"),
    "USER_DOESNT_EXIST": Row("no", "messages_refused", "reply_to"),
    "USER_BLOCKED": Row("no", "messages_refused", "reply_to"),
    "NOT_WHITELISTED_BY_USER_MESSAGE": Row("no", "messages_refused", "reply_to"),
    "NOT_AUTHOR": Row("no", "not_own"),
    "NO_THING_ID": Row("no", "deleted", "reply_to"),
    "BAD_IMAGE": Row("no", "file_refused", "media"),
    "MISSING_VIDEO_URLS": Row("no", "cover_missing", "media"),
    "VERIFIED_USER_REQUIRED": Row("no", "email_not_verified"),
    "BAD_CAPTCHA": Row("no", "captcha"),
}
# Rules that a community set for what is posted there.
RULES: Final = "SUBMIT_VALIDATION_"
PLACES: Final = {
    "sr": "options.subreddit", "title": "title", "text": "text", "body": "text", "url": "link",
    "flair": "options.flair", "flair_id": "options.flair", "parent": "reply_to", "thing_id": "reply_to",
    "kind": "kind", "captcha": "", "ratelimit": "",
}  # fmt: skip
CLOSED: Final = ("private", "banned", "quarantined", "gold_only", "employees_only")
WAIT: Final = re.compile(r"(\d+)\s*(millisecond|second|minute|hour)", re.IGNORECASE)
UNITS: Final = {"millisecond": 0.001, "second": 1.0, "minute": 60.0, "hour": 3600.0}


def outcome_of(errors: Any, ratelimit: Any = None) -> ConnectorError:
    """The outcome of `json.errors`; of several the first one that is known."""
    told = [_told(one) for one in (errors if isinstance(errors, list) else [errors])]
    code, said, place = next((one for one in told if one[0] in ROWS), told[0])
    return _outcome(code, said, place, ratelimit)


def _told(error: Any) -> tuple[str, str, str]:
    parts = error if isinstance(error, list) else [error]
    code, said, place = [str(part or "") for part in [*parts, "", "", ""][:3]]
    return code, said, place


def _outcome(code: str, said: str, place: str, ratelimit: Any = None) -> ConnectorError:
    words, field = said or code, PLACES.get(place, "")
    row = ROWS.get(code)
    if row is None:
        return Rejected(
            _of_rule(code) or field, "rule_there" if code.startswith(RULES) else "refused", said=words
        )
    if row.what == "ended":
        return GrantExpired(row.reason, said=words)
    if row.what == "later":
        return RetryLater(row.reason, after=_seconds(said, ratelimit) or row.after, said=words)
    return Rejected(row.field or field, row.reason, said=words)


def _of_rule(code: str) -> str:
    """The field that a community's rule is about, by the code's own words."""
    named = {"TITLE": "title", "BODY": "text", "LINK": "link", "URL": "link", "FLAIR": "options.flair"}
    parts = code.removeprefix(RULES).split("_") if code.startswith(RULES) else []
    return next((named[part] for part in parts if part in named), "")


def _seconds(said: str, ratelimit: Any) -> float | None:
    """How long to wait: the figure beside the errors, else what the sentence says, and a moment more."""
    if isinstance(ratelimit, int | float) and ratelimit > 0:
        return float(ratelimit) + 1
    found = WAIT.search(said)
    return float(found[1]) * UNITS[found[2].lower()] + 1 if found else None


def raise_for(status: int, body: Mapping[str, Any]) -> None:
    """Raise what a refusal by status means; an unknown 400 is left to the common rules."""
    code, said = str(body.get("reason") or ""), str(body.get("explanation") or body.get("message") or "")
    fields = body.get("fields")
    place = str(fields[0]) if isinstance(fields, list) and fields else ""
    if code.lower() in CLOSED:
        raise Rejected("options.subreddit", "not_allowed_there", said=said)
    if code in ROWS or code.startswith(RULES):
        raise _outcome(code, said, place)
    if status == 403:
        raise Rejected("", "not_permitted", said=said)
    if code:
        raise _outcome(code, said, place)
