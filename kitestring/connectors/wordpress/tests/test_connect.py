"""WordPress: connecting probes what the login may do, and says in words why it cannot."""

from __future__ import annotations

import pytest
from aiohttp import web

from kitestring.connectorkit.emulation import Fault, serve
from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectorkit.sessions import connecting
from kitestring.connectors.wordpress import auth
from kitestring.connectors.wordpress.client import MANIFEST


async def test_who_we_are_there(at_work):
    there = await at_work("wordpress")
    assert there.connected.name == "Kite House"
    assert there.connected.handle == "hien-ca-phe.example"
    assert there.connected.capabilities == dict.fromkeys(("publish", "media", "moderate", "remove"), True)
    assert {"value": "4", "label": "菜单 & 价目"} in there.connected.settings["categories"]
    assert there.connected.settings["urls"] == {"api": there.base_url}
    assert await auth.renew(there.session) == there.connected.grant


async def test_a_wrong_password(at_work):
    with pytest.raises(Rejected) as raised:
        await at_work("wordpress", app_password="sai roi")
    assert (raised.value.field, raised.value.reason) == ("app_password", "bad_login")


async def test_a_password_taken_back_ends_the_grant(at_work):
    there = await at_work("wordpress")
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired):
        await auth.renew(there.session)


async def _connect(app: web.Application):
    async with serve(app) as base:
        typed = {"url": base, "user": "lan", "app_password": "abcd efgh"}
        async with connecting(MANIFEST, typed, allow_loopback=True) as (http, urls):
            return await auth.connect(http, urls, typed)


def _plain_site(rights: dict[str, bool]) -> web.Application:
    """A WordPress whose addresses are plain: /wp-json/ is a 404 page, ?rest_route= answers (recorded shape)."""

    async def front(request: web.Request) -> web.Response:
        route = request.query.get("rest_route")
        if route == "/wp/v2/users/me":
            return web.json_response({"id": 7, "name": "Lan", "slug": "lan", "capabilities": rights})
        if route == "/":
            home = str(request.url.origin())
            return web.json_response({"name": "Blog", "home": home, "url": home})
        return web.Response(status=404, text="<html>Not found</html>", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", front), web.get("/{rest:.*}", front)])
    return app


async def test_a_site_with_plain_addresses_is_found():
    connected = await _connect(_plain_site({"publish_posts": True, "upload_files": True}))
    assert connected.settings["plain_addresses"] is True
    assert connected.settings["moderates"] is False
    assert connected.capabilities["moderate"] == "cannot_moderate"


async def test_a_page_that_is_no_wordpress():
    async def page(request: web.Request) -> web.Response:
        return web.Response(text="<html>Hello</html>", content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", page), web.get("/{rest:.*}", page)])
    with pytest.raises(Rejected) as raised:
        await _connect(app)
    assert (raised.value.field, raised.value.reason) == ("url", "no_rest")


async def test_a_site_that_has_moved():
    async def moved(request: web.Request) -> web.Response:
        return web.Response(status=301, headers={"Location": "https://www.example.vn/wp-json/"})

    app = web.Application()
    app.add_routes([web.get("/{rest:.*}", moved)])
    with pytest.raises(Rejected) as raised:
        await _connect(app)
    assert raised.value.reason == "moved"
    assert "www.example.vn" in raised.value.said
