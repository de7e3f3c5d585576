"""Agree in the forest; one consent opens as many owls as the name has parts ("ada+bob": two)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
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
    verifier, challenge = oauth.pkce()
    url = oauth.consent_url(
        f"{urls['api']}/agree", state=state, redirect_uri=redirect_uri, scopes=["hoot"], challenge=challenge,
        client_id=app["client_id"],
    )  # fmt: skip
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
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "code_verifier": begun.keeps["verifier"],
        **app,
    }
    body = await oauth.ask(http, f"{urls['api']}/token", form)
    grant = oauth.grant_from(body, scopes=["hoot"])
    names = str(body["account"]).split("+")
    return [Connected(name, f"@{name}", name.title(), grant) for name in names]


async def renew(session: Session) -> Grant:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": session.grant.secrets["refresh_token"],
        **session.app,
    }
    body = await oauth.ask(session.http, f"{session.urls['api']}/token", form, renewing=True)
    return oauth.grant_from(body, before=session.grant.secrets, scopes=session.grant.scopes)


ENDS_ALL = False


async def give_back(session: Session) -> None:
    await oauth.give_back(session.http, f"{session.urls['api']}/end", session.grant, session.app)
