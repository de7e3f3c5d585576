"""Connecting a WordPress: the site's address, a name there and an application password; rights are probed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yarl import URL

from kitestring.connectorkit.contract import Connected, Grant, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.wordpress import articles
from kitestring.connectors.wordpress.client import Site, site
from kitestring.kit.http import Client

NEEDED = {"publish": "publish_posts", "media": "upload_files", "moderate": "moderate_comments"}
WITHOUT = {"publish": "cannot_publish", "media": "cannot_upload", "moderate": "cannot_moderate"}
# The same right under another name people look for.
SAME = {"remove": "moderate"}


async def connect(http: Client, urls: Mapping[str, str], answers: Mapping[str, str]) -> Connected:
    """Whose site it is and what this login may do there.

    Raises Rejected("app_password") for a wrong login, Rejected("url") when no WordPress answers there.
    """
    user, password = answers["user"].strip(), answers["app_password"].strip()
    try:
        place = await _find(Site(http, urls["api"], user, password))
        index: dict[str, Any] = await place.read("", _fields="name,home,url,site_icon_url")
        me = await place.read(
            "wp/v2/users/me", context="edit", _fields="id,name,slug,capabilities,avatar_urls"
        )
    except GrantExpired as error:
        raise Rejected("app_password", "bad_login", said=error.said) from error
    rights = me.get("capabilities") or {}
    able: dict[str, bool | str] = {
        key: bool(rights.get(need)) or WITHOUT[key] for key, need in NEEDED.items()
    }
    able |= {key: able[like] for key, like in SAME.items()}
    home = URL(str(index.get("home") or urls["api"]))
    # A port is part of the name only where the site itself writes it: yarl's authority says :443 to everybody.
    port = f":{home.explicit_port}" if home.explicit_port else ""
    handle = f"{home.host or home.authority}{port}{home.path.rstrip('/')}"
    return Connected(
        remote_id=f"{handle}#{me['id']}",
        handle=handle,
        name=str(index.get("name") or handle),
        grant=Grant({"user": user, "app_password": password}),
        avatar_url=str(index.get("site_icon_url") or ""),
        capabilities=able,
        settings={
            "urls": {"api": urls["api"]},
            "user_id": me["id"],
            "plain_addresses": place.plain,
            "categories": await articles.categories(place),
            "moderates": bool(rights.get(NEEDED["moderate"])),
        },
    )


async def _find(place: Site) -> Site:
    """The site by the way its REST API answers: /wp-json/, or ?rest_route= where addresses are plain."""
    try:
        await place.read("", _fields="name")
    except (Rejected, RetryLater) as error:
        if error.reason not in {"no_rest", "not_itself"}:
            raise
    else:
        return place
    place = Site(place.http, place.base, place.user, place.password, plain=True)
    try:
        await place.read("", _fields="name")
    except RetryLater as error:
        if error.reason == "not_itself":
            raise Rejected("url", "no_rest", said=error.said) from error
        raise
    except Rejected as error:
        raise Rejected("url", error.reason, said=error.said) from error
    return place


async def renew(session: Session) -> Grant:
    """An application password does not end: the grant as it is, after one call that proves it still opens."""
    await site(session).read("wp/v2/users/me", _fields="id")
    return session.grant
