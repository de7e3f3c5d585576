"""Connecting by consent: OAuth 2 with PKCE and the operator's own app. Access ends after two hours and is renewed.

A refresh token works once: the answer brings the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectors.x.client import MANIFEST, VERSION, Api, api, one
from kitestring.kit.http import Client

# What somebody who wants no private messages read is not asked for.
FOR_MESSAGES = ("dm.read", "dm.write")
ABOUT_ME = "id,name,username,profile_image_url,protected,public_metrics,subscription_type,verified_type"
ENDS_ALL = False
LONGER = ("Basic", "Premium", "PremiumPlus")  # subscriptions with longer posts and videos


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
    verifier, challenge = oauth.pkce()
    without = FOR_MESSAGES if answers.get("messages", "yes") == "no" else ()
    url = oauth.consent_url(
        f"{urls['auth']}/i/oauth2/authorize",
        state=state,
        redirect_uri=redirect_uri,
        scopes=[scope.key for scope in MANIFEST.auth.scopes if scope.key not in without],
        challenge=challenge,
        client_id=app["client_id"],
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
    """The one account that agreed."""
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "code_verifier": begun.keeps["verifier"],
        "client_id": app["client_id"],
    }
    grant = oauth.grant_from(await _ask(http, urls, app, form))
    me = one(
        await Api(http, urls, str(grant.secrets["access_token"])).read(
            "users/me", [("user.fields", ABOUT_ME)]
        )
    )
    return [connected(me, grant)]


def connected(me: Mapping[str, Any], grant: Grant) -> Connected:
    """The account as X describes it, with what it can do."""
    messages = set(FOR_MESSAGES) <= set(grant.scopes)
    return Connected(
        remote_id=str(me["id"]),
        handle=f"@{me['username']}",
        name=str(me.get("name") or me["username"]),
        grant=grant,
        account_type=type_of(me),
        avatar_url=str(me.get("profile_image_url") or ""),
        capabilities={"messages": True if messages else "messages_not_asked"},
    )


def type_of(me: Mapping[str, Any]) -> str:
    """ "premium" for who may post longer, "standard" for all others."""
    longer = me.get("subscription_type") in LONGER or me.get("verified_type") in ("business", "government")
    return "premium" if longer else "standard"


async def renew(session: Session) -> Grant:
    """The next pair of tokens. Raises GrantExpired when the consent has ended, Rejected when the app is not known."""
    before = session.grant
    form = oauth.renewal(before, client_id=session.app["client_id"])
    body = await _ask(session.http, session.urls, session.app, form, renewing=True)
    return oauth.grant_from(body, before=before.secrets, scopes=before.scopes)


async def give_back(session: Session) -> None:
    """Source: docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token, step 6."""
    url, app = f"{session.urls['api']}/{VERSION}/oauth2/revoke", session.app
    basic = (app["client_id"], app["client_secret"])
    await oauth.give_back(session.http, url, session.grant, basic=basic)


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
        f"{urls['api']}/{VERSION}/oauth2/token",
        form,
        basic=(app["client_id"], app["client_secret"]),
        renewing=renewing,
    )


async def whoami(session: Session) -> dict[str, Any]:
    """The account as X describes it now."""
    return one(await api(session).read("users/me", [("user.fields", ABOUT_ME)]))
