"""What is wrong with an official account: its secret, the IP allow-list, the interfaces it lacks, the calls left today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kitestring.connectorkit.contract import Examined, Finding, Session
from kitestring.connectorkit.errors import GrantExpired, RetryLater
from kitestring.connectors.wechat import audience, permits
from kitestring.connectors.wechat.client import App, app

# Interfaces whose daily number of calls a brand could meet, and what stands still then.
WATCHED: Final = (
    "/cgi-bin/draft/add",
    "/cgi-bin/message/mass/sendall",
    "/cgi-bin/freepublish/submit",
    "/cgi-bin/comment/list",
    "/cgi-bin/message/custom/send",
    "/datacube/getarticletotaldetail",
)
LACKS: Final = {
    "mass_send": "lacks_mass_send",
    "publish": "lacks_publish",
    "comments": "no_comments_here",
    "messages": "lacks_messages",
    "metrics": "lacks_metrics",
    "menus": "lacks_menus",
    "tags": "lacks_tags",
    "templates": "lacks_templates",
}
# What an administrator decides about this server's address.
DOOR: Final = frozenset({"address_awaits_yes", "address_refused"})
FEW: Final = 0.1  # of the day's calls
# "cgi_path not found", "no permission to ask for this one's quota", no right to ask at all.
UNTOLD: Final = (76021, 76022, 48001, 48004)
_ADDRESS: Final = re.compile(r"invalid ip ([0-9a-fA-F.:]{3,45})")


async def examine(session: Session) -> Examined:
    """A secret that opens no more, a blocked account and a server that is not listed are findings; RetryLater when WeChat
    does not answer.

    The token is asked for anew, since only that call looks at the secret and at the allow-list; it ends nobody's token.
    """
    caller = app(session)
    try:
        await caller.fetch_token()
        may = await permits.asked(caller)
        calls = await _calls(caller)
        listed = await audience.listed(caller) if may["mass_send"] is True else []
    except GrantExpired as error:
        return Examined([_shut(error)])
    except RetryLater as error:
        if error.reason not in DOOR:
            raise
        return Examined([Finding("bad", error.reason)])
    settings = {"tags": listed, "comments": may["comments"] is True}
    return Examined([*_of_powers(may, session.account_type), calls], settings=settings)


def _shut(error: GrantExpired) -> Finding:
    """Why nothing goes at all. WeChat names our address in its words where it refuses it."""
    seen = _ADDRESS.search(error.said)
    if error.reason == "ip_not_allowed" and seen:
        return Finding("bad", "ip_not_listed", {"address": seen[1]})
    return Finding("bad", error.reason)


def _of_powers(may: permits.Permits, kind: str) -> Iterator[Finding]:
    """What the account really may do, held against the type that a person chose when connecting it."""
    verified = any(may[power] is True for power in permits.OF_VERIFIED)
    said_verified = not permits.by_type(kind).keys() & set(permits.OF_VERIFIED)
    if verified and not said_verified:
        yield Finding("warning", "type_is_verified")
    elif said_verified and not verified:
        yield Finding("warning", "type_is_unverified")
    # That no account of its type sends templates is told among its powers, and is nothing to worry about every day.
    never = {"templates"} & permits.by_type(kind).keys()
    lacking = [power for power, answer in may.items() if answer is not True and power not in never]
    if not lacking:
        yield Finding("good", "may_all")
    for power in lacking:
        blocked = may[power] == permits.BLOCKED
        yield Finding("warning", permits.BLOCKED if blocked else LACKS[power])


async def _calls(caller: App) -> Finding:
    """The interface with the fewest calls left today, by WeChat's own count."""
    scarcest: tuple[float, str, int, int] | None = None
    for path in WATCHED:
        told = await caller.call("/cgi-bin/openapi/quota/get", {"cgi_path": path}, accept=UNTOLD)
        quota = told.get("quota") or {}
        limit, left = int(quota.get("daily_limit") or 0), int(quota.get("remain") or 0)
        if limit and (scarcest is None or left / limit < scarcest[0]):
            scarcest = (left / limit, path, left, limit)
    if scarcest is None:
        return Finding("good", "calls_untold")
    share, path, left, limit = scarcest
    return Finding(
        "warning" if share <= FEW else "good", "calls_left", {"path": path, "left": left, "limit": limit}
    )
