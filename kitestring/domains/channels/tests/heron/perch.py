"""Ask the heron, by the roost's desk. What the app is, the heron reads at our address."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit import dpop, oauth
from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.kit.http import Client


def document(app: Mapping[str, str], *, redirect_uri: str) -> Mapping[str, Any]:
    return {
        "client_id": app["client_id"],
        "redirect_uris": [redirect_uri],
        "jwks": {"keys": [dpop.public(json.loads(app["key"]))]},
    }


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
        f"{urls['api']}/agree", state=state, redirect_uri=redirect_uri, scopes=["stand"], challenge=challenge,
        client_id=CLIENT,
    )  # fmt: skip
    return Begun(url, {"verifier": verifier, "lake": answers["lake"]})


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
        "client_id": CLIENT,
        "client_secret": SECRET,
    }
    body = await oauth.ask(http, f"{urls['api']}/token", form)
    names = str(body["account"]).split("+")
    return [Connected(one, f"@{one}", one.title(), Grant({"by": "consent"}, ("stand",))) for one in names]


async def renew(session: Session) -> Grant:
    return Grant({"by": f"consent of {session.app['client_id']}, again"}, session.grant.scopes)
