"""Google's consent: the page to go to, the tokens, their ends.

Source: developers.google.com/identity/protocols/oauth2/web-server (read as a stored copy; the page carries no date)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from kitestring.connectorkit import oauth
from kitestring.connectorkit.contract import Begun, Grant, Session
from kitestring.connectorkit.manifest import Scope
from kitestring.kit import clock
from kitestring.kit.http import Client


def dialog(
    urls: Mapping[str, str],
    app: Mapping[str, str],
    scopes: Iterable[Scope],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Where to go. Only "offline" and an asked-for consent bring a refresh token each time."""
    verifier, challenge = oauth.pkce()
    url = oauth.consent_url(
        f"{urls['auth']}/o/oauth2/v2/auth",
        state=state,
        redirect_uri=redirect_uri,
        scopes=[scope.key for scope in scopes],
        challenge=challenge,
        client_id=app["client_id"],
        access_type="offline",
        prompt="consent",
    )
    return Begun(url, {"verifier": verifier})


async def redeem(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    redirect_uri: str,
) -> Grant:
    """The grant for the code somebody came back with. Its scopes are those they left ticked."""
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "code_verifier": begun.keeps["verifier"],
        **_keys(app),
    }
    body = await oauth.ask(http, f"{urls['token']}/token", form)
    return oauth.grant_from(body, **_end(body))


async def renewed(session: Session) -> Grant:
    """The next access token. Raises GrantExpired when the refresh token has ended."""
    before = session.grant
    form = oauth.renewal(before, **_keys(session.app))
    body = await oauth.ask(session.http, f"{session.urls['token']}/token", form, renewing=True)
    return oauth.grant_from(body, before=before.secrets, scopes=before.scopes, **_end(body))


async def give_back(session: Session) -> None:
    """End the person's whole consent to the app. Source: developers.google.com/identity/protocols/oauth2/web-server, "Revoking a
    token"."""
    await oauth.give_back(session.http, f"{session.urls['token']}/revoke", session.grant)


def _keys(app: Mapping[str, str]) -> dict[str, str]:
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


def _end(body: Mapping[str, Any]) -> dict[str, Any]:
    """When the refresh token itself ends, where Google says so (apps in "Testing": a week)."""
    life = body.get("refresh_token_expires_in")
    if not isinstance(life, (int, float)) or life <= 0:
        return {}
    return {"refresh_ends": (clock.now() + timedelta(seconds=life)).isoformat()}


def ends(grant: Grant) -> datetime | None:
    """When the consent itself is over; None where Google named no day."""
    told = grant.secrets.get("refresh_ends")
    return datetime.fromisoformat(str(told)) if told else None


def given(grant: Grant, right: str) -> bool:
    """Whether a right was given; `right` is the end of its name (the rest is Google's address)."""
    return any(scope.endswith(f"/{right}") for scope in grant.scopes)
