"""Visit the heron's tree, by the roost's desk. Each tree registers our app itself, and says by which number."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence

from kitestring.connectorkit import oauth
from kitestring.connectorkit.consent import CLIENT, SECRET
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
    made = {} if app else {"client_id": CLIENT, "client_secret": SECRET, "number": secrets.token_hex(8)}
    url = oauth.consent_url(
        f"{urls['api']}/agree", state=state, redirect_uri=redirect_uri, scopes=["stand"], challenge=challenge,
        client_id=(app or made)["client_id"],
    )  # fmt: skip
    return Begun(url, {"verifier": verifier}, made)


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
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
    }
    body = await oauth.ask(http, f"{urls['api']}/token", form)
    names = str(body["account"]).split("+")
    return [Connected(one, f"@{one}", one.title(), Grant({"by": app["number"]}, ("stand",))) for one in names]


async def renew(session: Session) -> Grant:
    return Grant({"by": f"{session.app['number']}, again"}, session.grant.scopes)
