"""Connecting a Mastodon account by the access token of an application made there. Such tokens do not end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yarl import URL

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.mastodon import limits, rights
from kitestring.connectors.mastodon.client import Server, server
from kitestring.kit.http import Client


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Who the token belongs to, and the server's own limits.

    Raises Rejected("access_token") for a wrong token, Rejected("url") when no Mastodon answers there.
    """
    place = Server(http, urls["api"], answers["access_token"].strip())
    try:
        me = await place.read("/api/v1/accounts/verify_credentials")
        instance = await place.read("/api/v2/instance")
        scopes = await rights.given(place) or ("read", "write")
        account, domain = str(me["id"]), str(instance.get("domain") or URL(urls["api"]).host)
        username = str(me["username"])
    except GrantExpired as error:
        reason = "bad_token" if error.reason == "grant_expired" else error.reason
        raise Rejected("access_token", reason, said=error.said) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Rejected("url", "not_a_server") from error
    except (Rejected, RetryLater) as error:
        if error.reason == "scope_missing":
            raise Rejected("access_token", error.reason, said=error.said) from error
        if error.reason in {"host_refused", "not_reached", "busy", "no_answer", "broken"}:
            raise
        raise Rejected("url", "not_a_server", said=error.said) from error
    found = limits.found_in(instance)
    return Connected(
        remote_id=f"{account}@{domain}",
        handle=f"@{username}@{domain}",
        name=str(me.get("display_name") or username),
        grant=Grant({"token": place.token}, scopes=scopes),
        avatar_url=str(me.get("avatar") or ""),
        capabilities={
            power: not rights.missing(scopes, wanted) or "scope_missing"
            for power, wanted in rights.NEEDED.items()
        },
        settings={
            "urls": {"api": urls["api"]},
            "account_id": account,
            "remembers_keys": _remembers_keys(instance),
            "limits": found,
            "own_limits": limits.for_the_house(found),
        },
    )


def _remembers_keys(instance: Mapping[str, Any]) -> bool:
    """Whether this is Mastodon itself. Servers that only speak its API call themselves "compatible" with it."""
    return "compatible" not in str(instance.get("version", "")).lower()


async def renew(session: Session) -> Grant:
    """The same grant: these tokens have no end. Asks the server whether it still holds (GrantExpired if not)."""
    try:
        await server(session).read("/api/v1/accounts/verify_credentials")
    except Rejected as error:
        if error.reason != "scope_missing":  # a token that may not do this one thing is a token that holds
            raise
    return session.grant
