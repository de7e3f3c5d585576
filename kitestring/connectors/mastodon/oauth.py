"""Connecting a Mastodon account by its owner's consent on its own server, which registers our app when it is asked to.

The app is registered once for each server and used again; a server that has forgotten it registers it anew. PKCE where the
server says that it takes it (4.3 and later). Such tokens do not end.
Source: github.com/mastodon/documentation, methods/apps and methods/oauth; RFC 6749, 7636, 8414.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from yarl import URL

from kitestring.connectorkit import calls, oauth
from kitestring.connectorkit.contract import Begun, Connected, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.mastodon import auth
from kitestring.connectors.mastodon.auth import PASSING, renew
from kitestring.connectors.mastodon.client import MANIFEST
from kitestring.kit.http import Client

__all__ = ["begin", "finish", "renew"]

SCOPES: Final = tuple(scope.key for scope in MANIFEST.by("oauth").auth.scopes)
ENDS_ALL: Final = False
DESCRIBED: Final = "/.well-known/oauth-authorization-server"


async def begin(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    answers: Mapping[str, str],
    *,
    state: str,
    redirect_uri: str,
) -> Begun:
    """Where the owner agrees; with `Begun.app` when the server has just registered our app.

    Raises Rejected("url") when no Mastodon answers there ("not_a_server") or it takes no apps ("no_registration").
    """
    place = urls["api"]
    await auth.instance_at(http, place)
    described = await _described(http, place)
    known = bool(app) and await _holds(http, place, app, redirect_uri)
    client = dict(app) if known else await _registered(http, place, redirect_uri, later=described is not None)
    verifier, challenge = oauth.pkce() if "S256" in (described or ()) else ("", "")
    # The address is the typed server's own, whatever its description names: nobody is led elsewhere from here.
    url = oauth.consent_url(
        f"{place}/oauth/authorize", state=state, redirect_uri=redirect_uri, scopes=SCOPES, challenge=challenge,
        client_id=client["client_id"],
    )  # fmt: skip
    return Begun(url, {"verifier": verifier}, {} if known else client)


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account that the consent opens: whoever was signed in there."""
    form = {"grant_type": "authorization_code", "code": oauth.code_of(params), "redirect_uri": redirect_uri}
    if begun.keeps["verifier"]:
        form["code_verifier"] = begun.keeps["verifier"]
    told = await _asked(http, urls["api"], app, form)
    scopes = str(told.get("scope") or "").split()
    try:
        return [await auth.opened(http, urls, str(told["access_token"]), tuple(scopes) or SCOPES)]
    except GrantExpired as error:
        reason = error.reason if error.reason == "account_gone" else "consent_refused"
        raise Rejected("", reason, said=error.said) from error


async def give_back(session: Session) -> None:
    """Source: docs.joinmastodon.org/methods/oauth, POST /oauth/revoke."""
    app = session.app
    form = {name: str(app.get(name) or "") for name in ("client_id", "client_secret")}
    await oauth.give_back(
        session.http, f"{session.urls['api']}/oauth/revoke", session.grant, form, tokens=("token",)
    )


async def _described(http: Client, place: str) -> list[str] | None:
    """The ways of PKCE that the server takes; None where it does not describe itself (before 4.3)."""
    try:
        answer = await calls.send(http, "GET", f"{place}{DESCRIBED}", write=False)
        told = calls.settled(answer, write=False)
    except (Rejected, GrantExpired, RetryLater) as error:
        if error.reason in PASSING:
            raise
        return None
    ways = told.get("code_challenge_methods_supported") if isinstance(told, dict) else None
    return [str(way) for way in ways] if isinstance(ways, list) else []


async def _holds(http: Client, place: str, app: Mapping[str, str], redirect_uri: str) -> bool:
    """Whether the app that was registered still serves: for this way back and these rights, and known to the server.

    A server tells no browser's owner what is wrong with an app: so it is asked before, for a token of the app's own.
    """
    if app.get("redirect_uri") != redirect_uri or app.get("scopes") != " ".join(SCOPES):
        return False
    form = {"grant_type": "client_credentials", "redirect_uri": redirect_uri, "scope": SCOPES[0]}
    try:
        await _asked(http, place, app, form)
    except Rejected as error:
        if error.reason in PASSING:
            raise
        return False
    return True


async def _asked(http: Client, place: str, app: Mapping[str, str], form: Mapping[str, str]) -> dict[str, Any]:
    """The token endpoint's answer, asked with our app's keys. Raises Rejected("", "app_forgotten") where it knows none."""
    keys = {name: str(app.get(name) or "") for name in ("client_id", "client_secret")}
    try:
        return await oauth.ask(http, f"{place}/oauth/token", {**form, **keys}, app_field="")
    except Rejected as error:
        if error.reason != "app_keys_wrong":
            raise
        raise Rejected("", "app_forgotten", said=error.said) from error


async def _registered(http: Client, place: str, redirect_uri: str, *, later: bool) -> dict[str, str]:
    """Our app as this server knows it from now on. `later`: servers from 4.3 on want a list of ways back, others one."""
    scopes = " ".join(SCOPES)
    asked = {
        "client_name": "Kitestring",
        "redirect_uris": [redirect_uri] if later else redirect_uri,
        "scopes": scopes,
        "website": str(URL(redirect_uri).origin()),
    }
    try:
        answer = await calls.send(http, "POST", f"{place}/api/v1/apps", write=False, json=asked)
        told = calls.settled(answer, write=False)
        keys = {name: str(told[name]) for name in ("client_id", "client_secret")}
    except (Rejected, GrantExpired, RetryLater) as error:
        if error.reason in PASSING:
            raise
        raise Rejected("url", "no_registration", said=error.said) from error
    except (KeyError, TypeError) as error:
        raise Rejected("url", "no_registration") from error
    return {**keys, "redirect_uri": redirect_uri, "scopes": scopes}
