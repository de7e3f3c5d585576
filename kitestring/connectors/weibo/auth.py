"""Connecting by consent. Weibo tells how many seconds the token lives (1 to 30 days by the app's level) and renews none.

Refresh tokens are for mobile apps with Weibo's own kit. Who agrees again before the end gets a longer life, and while signed in
need not even press a button. Source: open.weibo.com/wiki: OAuth2/authorize, OAuth2/access_token (2022-10-11), 授权机制说明.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import isfinite
from typing import Any, Final

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.weibo import settings
from kitestring.connectors.weibo.client import COMMERCIAL, SHARE, Api, api
from kitestring.kit import clock
from kitestring.kit.http import Client

# Of the token's life: what is left when a person should agree again. Whoever renews asks at a tenth.
NEAR: Final = 0.2
SKEW: Final = timedelta(minutes=10)


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Where to go to agree. What was typed is looked at first. Raises Rejected at its field."""
    what = COMMERCIAL if answers.get("what") == COMMERCIAL else SHARE
    names = settings.domains(answers.get("safe_domain", ""))
    if what == SHARE and not names:
        raise Rejected("safe_domain", "domain_needed")
    keeps = {
        "what": what,
        "safe_domain": ",".join(names),
        "rip": settings.person_ip(answers.get("rip", "")),
    }
    url = oauth.consent_url(
        f"{urls['auth']}/oauth2/authorize", state=state, redirect_uri=redirect_uri, client_id=app["client_id"]
    )
    return Begun(url, keeps)


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account of who agreed. Raises Rejected("what", "no_contract") where the app may not speak commercially."""
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
    }
    body = await oauth.ask(http, f"{urls['auth']}/oauth2/access_token", form)
    uid, what = str(body.get("uid") or ""), begun.keeps.get("what", SHARE)
    if not uid.isdecimal():
        raise Rejected("", "nothing_to_connect", said=str(sorted(body))[:200])
    grant = oauth.grant_from(body, scopes=())
    caller = Api(http, dict(urls), str(grant.secrets["access_token"]), commercial=what == COMMERCIAL)
    who = await caller.user(uid)
    if caller.commercial:
        await _contract(caller)
    typed = {
        settings.OWN: settings.domains(begun.keeps.get("safe_domain", "")),
        "rip": begun.keeps.get("rip", ""),
    }
    return [_connected(uid, who, grant, what, typed)]


async def renew(session: Session) -> Grant:
    """The same grant while Weibo says that it lives, with its end as told now: who agreed again made it later.

    Raises GrantExpired: "renewed_by_hand" near its end, or what Weibo says of a token that is no more.
    """
    before, told = session.grant, await api(session).token_info()
    left = seconds_left(told)
    if left is None:
        raise RetryLater("not_itself", said=str(told)[:200])
    if left <= 0:
        raise GrantExpired(said=str(left))
    ends = clock.now() + timedelta(seconds=left)
    if before.expires_at is None or ends > before.expires_at + SKEW:
        return replace(before, expires_at=ends)
    made = _seconds(told.get("create_at"))
    life = left + max(0.0, clock.now().timestamp() - made) if made else left
    if left <= life * NEAR:
        raise GrantExpired("renewed_by_hand")
    return before


def seconds_left(token: Mapping[str, Any]) -> float | None:
    """What Weibo tells of a token's life; 0 or less when it is over, None when it is not told."""
    return _seconds(token.get("expire_in", token.get("expires_in")))


def _seconds(told: object) -> float | None:
    """A number, also where it is told as text; Weibo counts below zero for a consent that is over."""
    try:
        found = float(str(told))
    except ValueError:
        return None
    return found if isfinite(found) else None


async def _contract(caller: Api) -> None:
    try:
        await caller.rows("statuses/user_timeline", "statuses", bare=True, count="1")
    except Rejected as error:
        if error.reason in ("app_not_allowed", "version_retired"):
            raise Rejected("what", "no_contract", said=error.said) from error
        raise


def _connected(
    uid: str, who: Mapping[str, Any], grant: Grant, what: str, typed: Mapping[str, Any]
) -> Connected:
    name = str(who.get("screen_name") or who.get("name") or uid)
    return Connected(
        remote_id=uid,
        handle=name,
        name=name,
        grant=grant,
        account_type=what,
        avatar_url=str(who.get("avatar_large") or who.get("profile_image_url") or ""),
        settings=typed,
    )
