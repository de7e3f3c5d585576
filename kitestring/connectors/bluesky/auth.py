"""Connecting a Bluesky account by app password. Sessions are kept and renewed, never opened anew for a call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectors.bluesky import messages
from kitestring.connectors.bluesky.client import Caller
from kitestring.kit.http import Client

# Refusals that something on the way gave, and not the account's server.
NOT_OF_THE_GRANT: Final = frozenset({"refused", "moved", "host_refused"})


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Open a session on the account's own server; name and picture come along if they can be had.

    Raises Rejected("app_password") for a wrong login, Rejected("url") when no such server answers there.
    """
    body = {
        "identifier": answers["handle"].strip().lstrip("@").strip("\u200b\u202a\u202c"),
        "password": answers["app_password"].strip(),
    }
    try:
        made = await Caller(http, urls["api"]).do("com.atproto.server.createSession", body, write=False)
        did, handle, grant = str(made["did"]), str(made["handle"]), _grant(made)
    except GrantExpired as error:
        if error.reason == "account_gone":
            raise Rejected("handle", "account_gone", said=error.said) from error
        raise Rejected("app_password", "bad_login", said=error.said) from error
    except Rejected as error:
        if error.field:
            raise
        reason = "bad_login" if error.reason == "wrong_shape" else "not_a_server"
        raise Rejected("handle" if reason == "bad_login" else "url", reason, said=error.said) from error
    except (KeyError, TypeError) as error:
        raise Rejected("url", "not_a_server") from error
    except RetryLater as error:
        if error.reason == "not_itself":
            raise Rejected("url", "not_a_server", said=error.said) from error
        raise
    shown = await profile(Caller(http, urls["api"], str(made["accessJwt"])), did)
    return Connected(
        remote_id=did,
        handle=handle,
        name=str(shown.get("displayName") or handle),
        grant=grant,
        avatar_url=str(shown.get("avatar") or ""),
        capabilities={"messages": True if messages.allowed(grant) else "messages_closed"},
        settings={"urls": {"api": urls["api"]}},
    )


async def profile(caller: Caller, did: str) -> Mapping[str, Any]:
    """The public profile. A new account has none for a moment; connecting does not hang on it."""
    try:
        return dict(await caller.ask("app.bsky.actor.getProfile", (("actor", did),)))
    except ConnectorError:
        return {}


async def renew(session: Session) -> Grant:
    """A new pair of tokens for the stored one; the old pair ends. Raises GrantExpired when it already has."""
    refresh = str(session.grant.secrets.get("refresh", ""))
    try:
        caller = Caller(session.http, session.urls["api"], refresh)
        made = await caller.do("com.atproto.server.refreshSession", write=False)
    except RetryLater as error:
        if error.reason == "renewing":  # an expired refresh token: nothing renews that
            raise GrantExpired(said=error.said) from error
        raise
    except Rejected as error:
        if error.reason in NOT_OF_THE_GRANT:
            raise RetryLater("not_itself", said=error.said) from error
        raise GrantExpired(said=error.said) from error
    return _grant(made)


def _grant(made: Mapping[str, Any]) -> Grant:
    secrets = {"access": str(made["accessJwt"]), "refresh": str(made["refreshJwt"])}
    return Grant(secrets, expires_at=_end(secrets["access"]))


def _end(token: str) -> datetime | None:
    """When a JWT ends, by its own word; None when it does not say."""
    try:
        return datetime.fromtimestamp(int(messages.claims(token)["exp"]), UTC)
    except (ValueError, KeyError, TypeError):
        return None
