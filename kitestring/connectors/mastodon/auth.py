"""Connecting a Mastodon account by the access token of an application made there. Such tokens do not end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from yarl import URL

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.mastodon import limits, rights
from kitestring.connectors.mastodon.client import Server, server
from kitestring.kit.http import Client

# What says nothing of whether there is a Mastodon: the address may not be called, or it is the moment's trouble.
PASSING: Final = {"host_refused", "not_reached", "busy", "no_answer", "broken"}


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Who the token belongs to, and the server's own limits.

    Raises Rejected("access_token") for a wrong token, Rejected("url") when no Mastodon answers there.
    """
    try:
        return await opened(http, urls, answers["access_token"].strip())
    except GrantExpired as error:
        reason = "bad_token" if error.reason == "grant_expired" else error.reason
        raise Rejected("access_token", reason, said=error.said) from error
    except Rejected as error:
        if error.reason != "scope_missing":
            raise
        raise Rejected("access_token", error.reason, said=error.said) from error


async def opened(
    http: Client, urls: Mapping[str, str], token: str, scopes: tuple[str, ...] = ()
) -> Connected:
    """The account that a token opens. `scopes`: what it may do, where that was told with it.

    Raises GrantExpired, Rejected("", "scope_missing"), Rejected("url") when no Mastodon answers.
    """
    place = Server(http, urls["api"], token)
    try:
        me = await place.read("/api/v1/accounts/verify_credentials")
        instance = await place.read("/api/v2/instance")
        scopes = scopes or await rights.given(place) or ("read", "write")
        account, domain = str(me["id"]), str(instance.get("domain") or URL(urls["api"]).host)
        username = str(me["username"])
    except (KeyError, TypeError, AttributeError) as error:
        raise Rejected("url", "not_a_server") from error
    except (Rejected, RetryLater) as error:
        raise _where(error) from error
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


async def instance_at(http: Client, place: str) -> Mapping[str, Any]:
    """What the server says of itself, before anybody has agreed to anything. Raises Rejected("url") when it is no Mastodon."""
    try:
        told = await Server(http, place, "").read("/api/v2/instance")
    except GrantExpired as error:  # a server that shows itself to nobody outside
        raise Rejected("url", "no_registration", said=error.said) from error
    except (Rejected, RetryLater) as error:
        raise _where(error) from error
    if not isinstance(told, dict) or not told.get("version"):
        raise Rejected("url", "not_a_server")
    return told


def _where(error: Rejected | RetryLater) -> Rejected | RetryLater:
    """The same, or that no Mastodon stands at this address."""
    if error.reason in PASSING or error.reason == "scope_missing":
        return error
    if error.reason == "moved" and error.said:
        at = error.said.partition("/api/")[0]
        return Rejected("url", "moved_server", params={"address": at[:200]})
    return Rejected("url", "not_a_server", said=error.said)


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
