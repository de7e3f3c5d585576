"""Connecting by consent: OAuth 2 with the operator's own web app. Access ends after an hour; the refresh token stays.

Source: github.com/reddit-archive/reddit/wiki/OAuth2 (duration=permanent, the app's id and secret as Basic).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import RetryLater
from kitestring.connectors.reddit import places
from kitestring.connectors.reddit.client import MANIFEST, Api, agent
from kitestring.kit.http import Client


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Where to go to agree. "permanent" is what brings a refresh token."""
    url = oauth.consent_url(
        f"{urls['auth']}/api/v1/authorize",
        state=state,
        redirect_uri=redirect_uri,
        scopes=[scope.key for scope in MANIFEST.auth.scopes],
        client_id=app["client_id"],
        duration="permanent",
    )
    return Begun(url)


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account that agreed, with its communities and their flairs."""
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
    }
    grant = oauth.grant_from(await _ask(http, urls, app, form))
    caller = Api(http, urls, app, str(grant.secrets["access_token"]))
    me = await whoami(caller)
    return [connected(me, grant, await places.found(caller, str(me["name"]), grant.scopes))]


def connected(me: Mapping[str, Any], grant: Grant, settings: Mapping[str, Any]) -> Connected:
    """The account as Reddit describes it, with what it can do."""
    messages = "privatemessages" in grant.scopes
    return Connected(
        remote_id=f"t2_{me['id']}",
        handle=f"u/{me['name']}",
        name=str((me.get("subreddit") or {}).get("title") or me["name"]),
        grant=grant,
        avatar_url=str(me.get("icon_img") or ""),
        capabilities={"messages": True if messages else "messages_not_asked"},
        settings=settings,
    )


async def whoami(caller: Api) -> dict[str, Any]:
    """The account as Reddit describes it now."""
    me = await caller.read("api/v1/me")
    if not isinstance(me, dict) or not me.get("id") or not me.get("name"):
        raise RetryLater("not_itself", said=str(me)[:200])
    return me


async def renew(session: Session) -> Grant:
    """The next access token. Raises GrantExpired when the consent has ended, Rejected when the app is not known."""
    before = session.grant
    form = oauth.renewal(before)
    body = await _ask(session.http, session.urls, session.app, form, renewing=True)
    return oauth.grant_from(body, before=before.secrets, scopes=before.scopes)


async def give_back(session: Session) -> None:
    """Source: github.com/reddit-archive/reddit/wiki/OAuth2, "Manually Revoking a Token"."""
    app = session.app
    await oauth.give_back(
        session.http,
        f"{session.urls['auth']}/api/v1/revoke_token",
        session.grant,
        basic=(app["client_id"], app["client_secret"]),
        headers={"User-Agent": agent(app)},
    )


async def _ask(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    form: Mapping[str, str],
    *,
    renewing: bool = False,
) -> dict[str, Any]:
    return await oauth.ask(
        http,
        f"{urls['auth']}/api/v1/access_token",
        form,
        basic=(app["client_id"], app["client_secret"]),
        headers={"User-Agent": agent(app)},
        renewing=renewing,
    )
