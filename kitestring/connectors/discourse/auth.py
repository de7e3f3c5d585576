"""Connecting an account of a Discourse forum by an API key, and reading the forum's own limits and categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yarl import URL

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.discourse import limits
from kitestring.connectors.discourse.client import Forum, forum
from kitestring.kit.http import Client

OURS = {"host_refused", "not_reached", "busy", "no_answer", "broken"}
MAY_START = 1  # a category's "permission": 1 start topics, 2 answer, 3 read


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Who the key speaks for, where it may start topics, and the forum's limits.

    Raises Rejected("api_key") for a key the forum does not take for this name, Rejected("url") when no Discourse answers.
    """
    place = Forum(http, urls["api"], answers["api_key"].strip(), answers["username"].strip().lstrip("@"))
    try:
        me = (await place.read("/session/current.json"))["current_user"]
        site = await place.read("/site.json")
        settings = await place.read("/site/settings.json")
        user, username = int(me["id"]), str(me["username"])
        categories = _categories(site)
    except GrantExpired as error:
        raise Rejected("api_key", "key_wrong", said=error.said) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Rejected("url", "not_a_forum") from error
    except (Rejected, RetryLater) as error:
        if error.reason in OURS:
            raise
        if error.reason == "not_permitted":
            raise Rejected("api_key", "key_too_narrow", said=error.said) from error
        raise Rejected("url", "not_a_forum", said=error.said) from error
    staff = bool(me.get("admin") or me.get("moderator"))
    return Connected(
        remote_id=f"{user}@{_host(urls['api'])}",
        handle=f"@{username}",
        name=str(me.get("name") or username),
        grant=Grant({"key": place.key, "username": username}),
        avatar_url=_picture(urls["api"], str(me.get("avatar_template") or "")),
        capabilities={
            "publishing": True if categories else "no_category",
            "remove": True if staff else "not_staff",
        },
        settings={
            "urls": {"api": urls["api"]},
            "username": username,
            "categories": categories,
            "limits": limits.found_in(settings),
        },
    )


async def fresh(place: Forum) -> dict[str, Any]:
    """Where the account may start topics by now, and the forum's limits."""
    site, settings = await place.read("/site.json"), await place.read("/site/settings.json")
    return {"categories": _categories(site), "limits": limits.found_in(settings)}


def _host(address: str) -> str:
    """Without the port: the same forum behind another one is the same."""
    url = URL(address)
    return f"{url.host}{url.path.rstrip('/')}"


def _categories(site: Mapping[str, Any]) -> list[dict[str, str]]:
    """Those in which this account may start a topic, by the forum's own order."""
    return [
        {"value": str(one["id"]), "label": str(one["name"])}
        for one in site["categories"]
        if one.get("permission", MAY_START) in (MAY_START, None)
    ]


def _picture(base: str, template: str) -> str:
    path = template.replace("{size}", "120")
    return path if not path.startswith("/") or path.startswith("//") else f"{base}{path}"


async def renew(session: Session) -> Grant:
    """The same grant: a key has no end. Asks the forum whether it still opens (GrantExpired if not)."""
    await forum(session).read("/session/current.json")
    return session.grant
