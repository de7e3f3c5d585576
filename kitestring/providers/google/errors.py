"""What the reasons in Google's errors mean to us.

Source of the form: the error object of Google's JSON APIs, {"error": {"code", "message", "errors": [{"reason"}], "status",
"details"}}; of the reasons: developers.google.com/youtube/v3/docs/errors, chapter "General errors" (read as a stored copy; the
page carries no date).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from kitestring.connectorkit import calls
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.kit import clock
from kitestring.kit.http import Answer, NotJson

# Google's days of quota begin at midnight Pacific Time. Source: developers.google.com/youtube/v3/determine_quota_cost
QUOTA_ZONE: Final = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True)
class Row:
    """A reason, and the outcome it ends in. `after`: seconds; "tomorrow" waits for the next day of quota."""

    said: str
    outcome: Literal["ended", "later", "tomorrow", "refused"]
    reason: str
    field: str = ""
    after: float | None = None


ROWS: Final = (
    Row("authError", "ended", "grant_expired"),
    Row("authenticatedUserAccountClosed", "ended", "account_gone"),
    Row("authenticatedUserAccountSuspended", "ended", "account_gone"),
    Row("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "refused", "scope_missing"),
    Row("insufficientPermissions", "refused", "scope_missing"),
    Row("quotaExceeded", "tomorrow", "quota_used"),
    Row("dailyLimitExceeded", "tomorrow", "quota_used"),
    Row("rateLimitExceeded", "later", "busy"),
    Row("userRateLimitExceeded", "later", "busy"),
    Row("concurrentLimitExceeded", "later", "busy"),
    Row("backendError", "later", "busy"),
)


def knows(rows: Sequence[Row] = ()) -> Callable[[Answer], None]:
    """For `calls.send`: raises what a 4xx says in its body; a channel's own `rows` go before Google's."""
    known = {row.said: row for row in (*ROWS, *rows)}

    def read(answer: Answer) -> None:
        if not 400 <= answer.status < 500:
            return
        error = error_of(answer)
        if error is None:
            return
        said = str(error.get("message") or "")
        for reason in reasons(error):
            if row := known.get(reason):
                raise _outcome(row, said, calls.retry_after(answer.headers))
        if answer.status == 401:
            raise GrantExpired(said=said)
        if answer.status == 404:
            raise Rejected("", "not_there", said=said)
        if answer.status not in (410, 426, 429):
            raise Rejected("", "refused", said=said)

    return read


def error_of(answer: Answer) -> Mapping[str, Any] | None:
    """The error object; None where the answer holds none."""
    try:
        body = answer.json()
    except NotJson:
        return None
    found = body.get("error") if isinstance(body, dict) else None
    return found if isinstance(found, dict) else None


def reasons(error: Mapping[str, Any]) -> list[str]:
    """What the error calls itself, the newer way (`details`) before the older (`errors`)."""
    rows = [*_rows(error.get("details")), *_rows(error.get("errors"))]
    return [str(row["reason"]) for row in rows if row.get("reason")]


def _rows(told: Any) -> list[Mapping[str, Any]]:
    return [row for row in told if isinstance(row, dict)] if isinstance(told, list) else []


def _outcome(row: Row, said: str, told: float | None) -> ConnectorError:
    if row.outcome == "ended":
        return GrantExpired(row.reason, said=said)
    if row.outcome == "later":
        return RetryLater(row.reason, after=told if told is not None else row.after, said=said)
    if row.outcome == "tomorrow":
        return RetryLater(row.reason, after=until_tomorrow(clock.now()), said=said)
    return Rejected(row.field, row.reason, said=said)


def until_tomorrow(now: datetime) -> float:
    """Seconds from `now` until the next day of quota begins."""
    there = now.astimezone(QUOTA_ZONE)
    midnight = (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1.0, midnight.timestamp() - now.timestamp())
