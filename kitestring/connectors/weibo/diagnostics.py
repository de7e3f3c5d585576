"""What is wrong with an account, asked of Weibo: its token and its end, whose app it is of, and what is left of the hour's calls.

Source: open.weibo.com/wiki: Oauth2/get_token_info, 2/account/rate_limit_status (2012-01-12), Rate-limiting.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectors.weibo import auth, settings
from kitestring.connectors.weibo.client import SHARE, Api, api
from kitestring.kit import clock

SOON: Final = timedelta(days=2)
SCARCE: Final = 0.1  # of the hour's calls
POSTS: Final = ("/statuses/share", "/statuses/update", "/statuses/upload")


async def examine(session: Session) -> Examined:
    """Findings, and what is left of the hour. Raises RetryLater when Weibo cannot be asked now."""
    caller = api(session)
    try:
        await caller.user(session.remote_id)
        token = await caller.token_info()
        limits = await _limits(caller)
    except (GrantExpired, Rejected) as error:
        return Examined([Finding("bad", error.reason)])
    found = [*_app(session, token), *_end(session, token), *_calls(limits), *_typed(session)]
    # Its terms concern every account; they are told here, where whoever looks after accounts reads.
    found.append(Finding("warning", "storage_clause"))
    return Examined(found, left=_left(limits))


async def _limits(caller: Api) -> dict[str, Any]:
    """{} where Weibo does not tell this app."""
    try:
        found = await caller.get("account/rate_limit_status", open_=True)
    except Rejected:
        return {}
    return found if isinstance(found, dict) else {}


def _app(session: Session, token: dict[str, Any]) -> list[Finding]:
    if not session.app.get("client_id"):
        return [Finding("warning", "app_keys_missing")]
    told = str(token.get("appkey") or "")
    return [Finding("bad", "other_app")] if told and told != session.app["client_id"] else []


def _end(session: Session, token: dict[str, Any]) -> list[Finding]:
    """Nothing renews it: the end is told two days ahead."""
    left = auth.seconds_left(token)
    if left is not None and left <= 0:
        return [Finding("bad", "grant_expired")]
    ends: datetime | None = session.grant.expires_at
    if left is not None:
        ends = clock.now() + timedelta(seconds=left)
    if ends is None or ends - clock.now() > SOON:
        return []
    return [Finding("warning", "ends_soon", {"day": ends.date().isoformat()})]


def _calls(limits: dict[str, Any]) -> list[Finding]:
    most, left = limits.get("user_limit"), limits.get("remaining_user_hits")
    if not isinstance(most, int) or not isinstance(left, int) or left > most * SCARCE:
        return []
    return [Finding("warning", "calls_scarce", {"left": left, "most": most})]


def _typed(session: Session) -> list[Finding]:
    if session.account_type == SHARE and not settings.own(session.settings):
        return [Finding("bad", "domain_needed")]
    return [] if session.settings.get("rip") else [Finding("bad", "ip_missing")]


def _left(limits: dict[str, Any]) -> dict[str, int]:
    """How many posts the hour still takes, where Weibo tells it for a call of posting."""
    rows = limits.get("api_rate_limits")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("api") in POSTS and isinstance(row.get("remaining_hits"), int):
            return {"posts": row["remaining_hits"]}
    return {}
