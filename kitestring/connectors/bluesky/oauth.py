"""Connecting a Bluesky account by its owner's consent at its own server, with tokens bound to a key of this account alone.

The account's server is found from its handle; our request is laid down there first (PAR), with PKCE and a proof (DPoP). What
comes back counts only if the same server says it (`iss`) of the same account (`sub`). A refresh token is good once.
Source: atproto.com/specs/oauth; RFC 9126, 7636, 9449, 9207, 7523.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from yarl import URL

from kitestring.connectorkit import calls, dpop, oauth
from kitestring.connectorkit.contract import Begun, Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.bluesky import auth, identity, messages
from kitestring.connectors.bluesky.client import MANIFEST, Caller
from kitestring.kit import clock
from kitestring.kit.http import Client

SCOPES: Final = tuple(scope.key for scope in MANIFEST.by("oauth").auth.scopes)
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
A_MINUTE: Final = 60
# An app on one's own machine has no public address: its id says all there is to know (localhost clients of the specification).
LOCAL: Final = "http://localhost"
LITERAL: Final = ("127.0.0.1", "::1")


def document(app: Mapping[str, str], *, redirect_uri: str) -> Mapping[str, Any]:
    """What an authorization server reads of our app at the address that is its id."""
    key = json.loads(app["key"])
    home = str(URL(app["client_id"]).origin())
    return {
        "client_id": app["client_id"],
        "client_name": "Kitestring",
        "client_uri": home,
        "application_type": "web",
        "redirect_uris": [redirect_uri],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": " ".join(SCOPES),
        "dpop_bound_access_tokens": True,
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "jwks": {"keys": [{**dpop.public(key), "kid": dpop.thumbprint(key), "alg": "ES256", "use": "sig"}]},
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
    """Lay our request down at the account's authorization server; the address to go to names it."""
    client = _client(app, redirect_uri)
    who, there = await _asked(http, urls, answers["handle"])
    verifier, challenge = oauth.pkce()
    key = dpop.new_key()
    form = {
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "state": state,
        "scope": " ".join(SCOPES),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": who.handle,
        **_proved(client, app, there.issuer),
    }
    answer = await dpop.send(http, "POST", there.push, key=key, write=False, form=form)
    named = str(_pushed(answer).get("request_uri") or "")
    if not named:
        raise RetryLater("not_itself", said=calls.words(answer))
    url = URL(there.authorize).update_query({"client_id": client, "request_uri": named})
    keeps = {
        "verifier": verifier,
        "key": json.dumps(key),
        "client_id": client,
        "issuer": there.issuer,
        "token_url": there.token,
        "did": who.did,
        "handle": who.handle,
        "server": who.server,
    }
    return Begun(str(url), keeps)


async def _asked(
    http: Client, urls: Mapping[str, str], handle: str
) -> tuple[identity.Identity, identity.Authority]:
    """Whose handle it is and who gives out tokens for them. What their documents say is anybody's: of any shape."""
    server = ""
    try:
        who = await identity.find(http, urls, handle)
        server = who.server
        return who, await identity.authority(http, server)
    except Rejected as error:
        if error.reason != "host_refused" or not server:
            raise
        # Only the server that was typed, and the big provider's own, may be called from here.
        raise Rejected("url", "lives_elsewhere", params={"server": server[:200]}) from error
    except (ValueError, AttributeError, TypeError) as error:
        raise Rejected("handle", "handle_unknown", said=str(error)) from error


async def finish(
    http: Client,
    urls: Mapping[str, str],
    app: Mapping[str, str],
    begun: Begun,
    params: Mapping[str, str],
    *,
    redirect_uri: str,
) -> Sequence[Connected]:
    """The one account that the consent opens: the one whose handle was typed, and no other."""
    kept = begun.keeps
    if params.get("iss", "").rstrip("/") != kept["issuer"]:
        # Another server's answer must not be redeemed at this one (RFC 9207).
        raise Rejected("", "consent_refused", said=params.get("iss", ""))
    form = {
        "grant_type": "authorization_code",
        "code": oauth.code_of(params),
        "redirect_uri": redirect_uri,
        "code_verifier": kept["verifier"],
        **_proved(kept["client_id"], app, kept["issuer"]),
    }
    key = json.loads(kept["key"])
    told = await oauth.ask(http, kept["token_url"], form, key=key, app_field="")
    if told.get("sub") != kept["did"]:
        raise Rejected("handle", "signed_in_as_other", params={"handle": kept["handle"]})
    grant = _grant(told, {name: kept[name] for name in ("client_id", "issuer", "token_url")}, key)
    if "atproto" not in grant.scopes:
        raise Rejected("", "consent_refused", said=" ".join(grant.scopes))
    token = str(grant.secrets["access_token"])
    shown = await auth.profile(Caller(http, kept["server"], token, key), kept["did"])
    connected = Connected(
        remote_id=kept["did"],
        handle=kept["handle"],
        name=str(shown.get("displayName") or kept["handle"]),
        grant=grant,
        avatar_url=str(shown.get("avatar") or ""),
        capabilities={"messages": True if messages.allowed(grant) else "messages_closed"},
        # Both are called later: the account's server for everything, the issuer for the next tokens.
        settings={"urls": {"api": kept["server"], "issuer": kept["issuer"]}},
    )
    return [connected]


async def renew(session: Session) -> Grant:
    """The next pair of tokens, for the same key; the refresh token before is spent. Raises GrantExpired when it was refused."""
    kept = session.grant.secrets
    form = oauth.renewal(session.grant, **_proved(str(kept["client_id"]), session.app, str(kept["issuer"])))
    key = dict(kept["key"])
    told = await oauth.ask(session.http, str(kept["token_url"]), form, key=key, renewing=True, app_field="")
    if told.get("sub") != session.remote_id:
        raise GrantExpired("renewal_refused", said=str(told.get("sub")))
    return _grant(told, {name: str(kept[name]) for name in ("client_id", "issuer", "token_url")}, key)


def _client(app: Mapping[str, str], redirect_uri: str) -> str:
    """Our id: the address of our document, or on one's own machine what stands for it.

    Raises Rejected("", "needs_public_address") where neither can be.
    """
    back = URL(redirect_uri)
    if back.scheme == "https":
        return app["client_id"]
    if back.host in LITERAL:
        told = {"redirect_uri": redirect_uri, "scope": " ".join(SCOPES)}
        return f"{LOCAL}?{urlencode(told)}"
    raise Rejected("", "needs_public_address", params={"address": str(back.origin())})


def _proved(client: str, app: Mapping[str, str], issuer: str) -> dict[str, str]:
    """Who asks: our id, and where we have a key there a word signed by it."""
    if client.startswith(LOCAL):
        return {"client_id": client}
    if not app.get("key"):
        raise Rejected("", "document_refused")
    key, now = json.loads(app["key"]), int(clock.now().timestamp())
    claims = {
        "iss": client,
        "sub": client,
        "aud": issuer,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + A_MINUTE,
    }
    word = dpop.signed(key, {"typ": "JWT", "kid": dpop.thumbprint(key)}, claims)
    return {"client_id": client, "client_assertion_type": ASSERTION, "client_assertion": word}


def _pushed(answer: Any) -> dict[str, Any]:
    """What the authorization server says of our request. Raises Rejected where it does not take our app."""
    body = calls.json_of(answer, write=False)
    told = body if isinstance(body, dict) else {}
    error = oauth.error_of(told)
    if answer.ok and not error:
        return told
    if error in oauth.PASSING:
        raise RetryLater("not_itself", said=calls.words(answer))
    if error in oauth.APP_WRONG or error in ("invalid_client_metadata", "invalid_redirect_uri"):
        raise Rejected("", "document_refused", said=calls.words(answer))
    raise Rejected("", "consent_refused", said=calls.words(answer))


def _grant(told: Mapping[str, Any], kept: Mapping[str, Any], key: Mapping[str, str]) -> Grant:
    return oauth.grant_from(told, **kept, key=dict(key))
