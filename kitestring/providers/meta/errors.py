"""What the Graph API's error codes mean to us.

Source of the codes: developers.facebook.com/docs/graph-api/guides/error-handling, and its rate-limiting page for 80000 and
up (read as stored copies; the pages carry no date).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from kitestring.connectorkit import calls
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.kit.http import Answer, NotJson
from kitestring.providers.meta.usage import wait


@dataclass(frozen=True)
class Row:
    """A code (`last`: up to there) with its subcode (None: any) or words of its message, and the outcome it ends in.

    "unclear" is Ambiguous for a write and "later" for a read. `after` in seconds, where the vendor says how long.
    """

    code: int
    outcome: Literal["ended", "later", "refused", "unclear"]
    reason: str
    subcode: int | None = None
    field: str = ""
    words: str = ""
    last: int = 0
    after: float | None = None


# The narrower row stands first.
ROWS: Final = (
    Row(190, "ended", "app_removed", 458),
    Row(190, "ended", "checkpoint", 459),
    Row(190, "ended", "password_changed", 460),
    Row(190, "ended", "checkpoint", 464),
    Row(190, "ended", "grant_expired"),
    Row(102, "ended", "grant_expired"),
    Row(10, "refused", "reply_window_over", 2018278),
    Row(10, "ended", "scope_missing"),
    Row(3, "refused", "app_not_allowed"),
    Row(4, "later", "busy"),
    Row(17, "later", "busy"),
    Row(32, "later", "busy"),
    Row(613, "later", "busy"),
    Row(341, "later", "busy"),
    Row(80000, "later", "busy", last=80014),
    Row(12, "refused", "version_retired"),
    Row(2635, "refused", "version_retired"),
    Row(368, "refused", "blocked_for_now"),
    Row(506, "refused", "duplicate", field="text"),
    Row(1609005, "refused", "link_refused", field="link"),
    Row(551, "refused", "cannot_reply"),
    Row(803, "refused", "not_there"),
    Row(100, "refused", "app_keys_wrong", field="client_secret", words="appsecret_proof"),
    Row(100, "refused", "metric_retired", words="valid insights metric"),
    Row(100, "refused", "not_there", 33),
    Row(101, "refused", "app_keys_wrong", field="client_id"),
    Row(1, "refused", "app_keys_wrong", field="client_secret", words="client secret"),
    Row(1, "unclear", "broken"),
    Row(2, "unclear", "broken"),
    Row(200, "ended", "scope_missing", last=299),
)


def knows(rows: tuple[Row, ...], *, write: bool) -> Callable[[Answer], None]:
    """What `calls.send` is given to read each answer first: raises what an error body means."""

    def read(answer: Answer) -> None:
        if error := told(answer):
            raise outcome(error, answer, rows, write=write)

    return read


def told(answer: Answer) -> Mapping[str, Any] | None:
    """The error object of an answer; None when there is none."""
    try:
        body = answer.json()
    except NotJson:
        return None
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) and "code" in error else None


def said(error: Mapping[str, Any]) -> str:
    """What Meta says for people, else for programs, with the mark its support asks for."""
    words = str(error.get("error_user_msg") or error.get("message") or "")
    numbers = "/".join(str(error[k]) for k in ("code", "error_subcode") if error.get(k))
    trace = error.get("fbtrace_id")
    return f"{words} ({numbers}{f', {trace}' if trace else ''})"


def outcome(
    error: Mapping[str, Any], answer: Answer, rows: tuple[Row, ...], *, write: bool
) -> ConnectorError:
    """The outcome of an error: by `rows`, then by the table above, then by its status."""
    row = _row(error, (*rows, *ROWS))
    words = said(error)
    if row is None:
        if answer.status == 429:
            return RetryLater("busy", after=wait(answer.headers), said=words)
        if answer.status >= 500 or error.get("is_transient"):
            return calls.unclear(write, "broken", words)
        return Rejected("", "refused", said=words)
    if row.outcome == "ended":
        return GrantExpired(row.reason, said=words)
    if row.outcome == "later":
        after = wait(answer.headers)
        return RetryLater(row.reason, after=row.after if after is None else after, said=words)
    if row.outcome == "unclear":
        return calls.unclear(write, row.reason, words)
    return Rejected(row.field, row.reason, said=words)


def _row(error: Mapping[str, Any], rows: tuple[Row, ...]) -> Row | None:
    code, subcode = _number(error.get("code")), _number(error.get("error_subcode"))
    message = str(error.get("message") or "").lower()
    for row in rows:
        if not row.code <= code <= (row.last or row.code):
            continue
        if row.subcode not in (None, subcode) or row.words.lower() not in message:
            continue
        return row
    return None


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
