"""Connecting by consent: OAuth 2 with the operator's own app, here called by a "client key".

A person may take single rights out of what is asked. A refresh token works once: the answer brings the next one. TikTok
writes its PKCE challenge in hexadecimal digits, not in base64 as RFC 7636 does.
Source: developers.tiktok.com/doc/oauth-get-a-user-access-token, .../oauth-refresh-a-user-access-token (November 2026),
.../login-kit-desktop (the challenge; read as a stored copy).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.tiktok import creator
from kitestring.connectors.tiktok.client import (
    DRAFTS,
    LISTS,
    MANIFEST,
    NAMES,
    POSTS,
    STATS,
    VERSION,
    Api,
    may,
)
from kitestring.kit import clock
from kitestring.kit.http import Client

ENDS_ALL: Final = False
SEPARATOR: Final = ","
BASIC: Final = ("open_id", "avatar_url", "display_name")
# An account that may not post just now is connected all the same.
NOT_NOW: Final = ("posts_used", "app_users_used", "banned_from_posting", "busy")
REFRESH_ENDS: Final = "refresh_ends_at"


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Where to go to agree, and the verifier to be kept meanwhile."""
    verifier, _ = oauth.pkce()
    url = oauth.consent_url(
        f"{urls['auth']}/{VERSION}/auth/authorize/",
        state=state,
        redirect_uri=redirect_uri,
        scopes=[scope.key for scope in MANIFEST.auth.scopes],
        separator=SEPARATOR,
        challenge=hashlib.sha256(verifier.encode()).hexdigest(),
        client_key=app["client_key"],
    )
    return Begun(url, {"verifier": verifier})


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account that agreed, with what it may post now."""
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "code_verifier": begun.keeps["verifier"],
    }
    grant = _grant(await _ask(http, urls, app, form))
    given = set(grant.scopes)
    if given and not given & {POSTS, DRAFTS}:
        raise Rejected("", "no_posting_right")
    caller = Api(http, urls, str(grant.secrets["access_token"]))
    user = await who(caller, NAMES in given)
    found = await _creator(caller) if POSTS in given or not given else creator.Creator()
    return [_connected(user, found, grant)]


async def renew(session: Session) -> Grant:
    """The next pair of tokens. Raises GrantExpired when the consent has ended, Rejected when the app is not known."""
    before = session.grant
    form = oauth.renewal(before)
    return _grant(await _ask(session.http, session.urls, session.app, form, renewing=True), before)


async def who(caller: Api, named: bool) -> dict[str, Any]:
    """The account as its own right shows it; with `named` its user name, too."""
    found = (await caller.get("user/info", ",".join([*BASIC, *(["username"] if named else [])]))).get("user")
    if not isinstance(found, dict) or not found.get("open_id"):
        raise RetryLater("not_itself")
    return found


async def give_back(session: Session) -> None:
    """Source: developers.tiktok.com/docs/en/oauth-revoke-a-user-access-token (2 November 2026). It takes the access token:
    one that has ended is renewed first, or the consent behind it would stay."""
    grant = session.grant
    if grant.expires_at is not None and grant.expires_at <= clock.now():
        grant = await renew(session)
    url = f"{session.urls['api']}/{VERSION}/oauth/revoke/"
    form = {"client_key": session.app["client_key"], "client_secret": session.app["client_secret"]}
    await oauth.give_back(session.http, url, grant, form, tokens=("access_token",))


async def _ask(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    form: Mapping[str, str],
    *,
    renewing: bool = False,
) -> dict[str, Any]:
    told = {**form, "client_key": app["client_key"], "client_secret": app["client_secret"]}
    return await oauth.ask(http, f"{urls['api']}/{VERSION}/oauth/token/", told, renewing=renewing)


def _grant(body: Mapping[str, Any], before: Grant | None = None) -> Grant:
    """The grant, with the day its refresh token ends as TikTok last told it."""
    life = body.get("refresh_expires_in")
    more = {}
    if isinstance(life, int | float):
        more[REFRESH_ENDS] = (clock.now() + timedelta(seconds=float(life))).isoformat()
    known = before.secrets if before else None
    scopes = before.scopes if before else ()
    return oauth.grant_from(body, before=known, scopes=scopes, separator=SEPARATOR, **more)


async def _creator(caller: Api) -> creator.Creator:
    try:
        return await creator.ask(caller)
    except (RetryLater, Rejected) as error:
        if error.reason not in NOT_NOW:
            raise
        return creator.Creator()


def _connected(user: Mapping[str, Any], found: creator.Creator, grant: Grant) -> Connected:
    name = str(user.get("display_name") or found.nickname or user["open_id"])
    handle = str(user.get("username") or found.name)
    return Connected(
        remote_id=str(user["open_id"]),
        handle=f"@{handle}" if handle else name,
        name=name,
        grant=grant,
        account_type="creator" if may(grant, POSTS) else "drafts",
        avatar_url=str(user.get("avatar_url") or found.avatar),
        capabilities={
            "publishing": True if may(grant, POSTS) else "direct_declined",
            "drafts": True if may(grant, DRAFTS) else "drafts_declined",
            "metrics": True if may(grant, LISTS) else "list_declined",
            "numbers": True if may(grant, STATS) else "stats_declined",
        },
        settings=found.settings if found.levels else {},
    )
