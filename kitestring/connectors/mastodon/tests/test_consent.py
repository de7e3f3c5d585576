"""Connecting by consent: an app that the server registers, what is led where, and how each trouble is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from kitestring.connectorkit import sessions
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.contract import Begun, Connected, Media, Outgoing, Published
from kitestring.connectorkit.emulation import Fault, serve
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.sentences import sentence
from kitestring.connectors.mastodon import diagnostics, editing, inbox, metrics, moderation, oauth, publishing
from kitestring.connectors.mastodon.client import MANIFEST
from kitestring.kit.http import Client

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
BACK = "https://kitestring.example/channels/back"
OTHER = "https://new.example/channels/back"


async def begin(bench: Any, app: Mapping[str, str] | None = None, back: str = BACK) -> Begun:
    http, urls = bench.session.http, bench.session.urls
    return await oauth.begin(http, urls, app or {}, bench.typed, state="s", redirect_uri=back)


async def finish(bench: Any, app: Mapping[str, str], begun: Begun, params: Mapping[str, str]) -> Connected:
    http, urls = bench.session.http, bench.session.urls
    [found] = await oauth.finish(http, urls, app, begun, params, redirect_uri=BACK)
    return found


async def test_the_narrow_rights_are_enough_for_everything(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media]
) -> None:
    bench = await at_work("mastodon", way="oauth")
    session = bench.session
    assert session.grant.scopes == oauth.SCOPES
    assert not {"read", "write", "follow", "push"} & set(session.grant.scopes)
    assert set(bench.connected.capabilities.values()) == {True}
    done = await publishing.publish(session, duty("post", "Trà sen", media=(picture(),)))
    assert isinstance(done, Published)
    asked = bench.platform.comment(done.remote_id, "lan_anh", "Lan Anh", "Mấy giờ?")
    bench.platform.mention(session.remote_id, "minh", "Minh", "Ghé đi")
    bench.platform.message(session.remote_id, "minh", "Minh", "Alo?")
    page = await inbox.fetch(session, [done.remote_id], "")
    assert {one.kind for one in page.messages} == {"comment", "mention", "message"}
    await moderation.like(session, asked.id, True)
    await editing.edit(session, done.remote_id, duty("post", "Trà sen mới"))
    assert all(one.value is not None for one in await metrics.read(session, [done.remote_id]))
    assert all(one.value is not None for one in await metrics.account(session))
    told = await diagnostics.examine(session)
    assert [one.reason for one in told.findings] == ["health_good", "server_told"]
    assert await oauth.renew(session) == session.grant
    await publishing.withdraw(session, done.remote_id)


async def test_with_pkce_where_the_server_takes_it_and_without_before(at_work: AtWork) -> None:
    bench = await at_work("mastodon", way="oauth")
    begun = await begin(bench)
    asked = URL(begun.url).query
    assert (asked["code_challenge_method"], asked["state"]) == ("S256", "s")
    stolen = await say_yes(begun.url, "hien-ca-phe")
    with pytest.raises(Rejected) as caught:
        await finish(bench, begun.app, replace(begun, keeps={"verifier": "another"}), stolen)
    assert caught.value.reason == "code_refused"
    bench.platform.memory["before_4_3"] = True
    older = await begin(bench)
    assert "code_challenge" not in URL(older.url).query
    await finish(bench, older.app, older, await say_yes(older.url, "hien-ca-phe"))


async def test_an_app_serves_only_the_way_back_and_the_rights_it_was_made_for(at_work: AtWork) -> None:
    bench = await at_work("mastodon", way="oauth")
    first = (await begin(bench)).app
    assert (await begin(bench, first)).app == {}
    assert (await begin(bench, first, OTHER)).app["redirect_uri"] == OTHER
    assert (await begin(bench, {**first, "scopes": "read"})).app != {}
    assert (await begin(bench, {**first, "client_secret": "wrong"})).app != {}


async def test_an_app_cleared_away_in_between_is_told_as_such(at_work: AtWork) -> None:
    bench = await at_work("mastodon", way="oauth")
    begun = await begin(bench)
    params = await say_yes(begun.url, "hien-ca-phe")
    bench.platform.memory["apps"].clear()
    with pytest.raises(Rejected) as caught:
        await finish(bench, begun.app, begun, params)
    assert (caught.value.field, caught.value.reason) == ("", "app_forgotten")


async def test_another_code_or_none_connects_nobody(at_work: AtWork) -> None:
    bench = await at_work("mastodon", way="oauth")
    begun = await begin(bench)
    for params, reason in (
        ({"code": "made-up"}, "code_refused"),
        ({"error": "access_denied", "error_description": "The resource owner denied"}, "consent_denied"),
        ({}, "consent_refused"),
    ):
        with pytest.raises(Rejected) as caught:
            await finish(bench, begun.app, begun, params)
        assert caught.value.reason == reason


async def test_a_token_taken_back_there_ends_the_consent(at_work: AtWork) -> None:
    bench = await at_work("mastodon", way="oauth")
    bench.platform.memory["desk"]["access"].clear()
    with pytest.raises(GrantExpired):
        await oauth.renew(bench.session)


async def refused_by(*routes: tuple[str, str, Any]) -> ConnectorError:
    """What `begin` raises at a server that answers so."""
    app = web.Application()
    for method, path, answer in routes:

        async def handler(_: web.Request, made: Any = answer) -> web.Response:
            return made()

        app.router.add_route(method, path, handler)
    async with serve(app) as base, Client((base.removeprefix("http://"),), allow_loopback=True) as http:
        with pytest.raises(ConnectorError) as caught:
            await oauth.begin(http, {"api": base}, {}, {"url": base}, state="s", redirect_uri=BACK)
    return caught.value


def page(status: int = 200) -> Callable[[], web.Response]:
    return lambda: web.Response(text="<html><h1>Oops</h1></html>", content_type="text/html", status=status)


def told(body: Any, status: int = 200) -> Callable[[], web.Response]:
    return lambda: web.json_response(body, status=status)


INSTANCE = ("GET", "/api/v2/instance", told({"domain": "a.example", "version": "4.2.0"}))
APPS = "/api/v1/apps"


@pytest.mark.parametrize(
    ("routes", "field", "reason"),
    [
        ([], "url", "not_a_server"),
        ([("GET", "/api/v2/instance", page())], "url", "not_a_server"),
        ([("GET", "/api/v2/instance", page(404))], "url", "not_a_server"),
        ([("GET", "/api/v2/instance", told(["a"]))], "url", "not_a_server"),
        ([("GET", "/api/v2/instance", told({"error": "login"}, 401))], "url", "no_registration"),
        ([INSTANCE], "url", "no_registration"),
        ([INSTANCE, ("POST", APPS, told({"error": "no"}, 403))], "url", "no_registration"),
        ([INSTANCE, ("POST", APPS, told({"error": "no"}, 422))], "url", "no_registration"),
        ([INSTANCE, ("POST", APPS, told({"client_id": "1"}))], "url", "no_registration"),
        ([INSTANCE, ("POST", APPS, page())], "url", "no_registration"),
    ],
)
async def test_a_server_where_nobody_can_agree_is_told_at_its_address(
    routes: list[Any], field: str, reason: str
) -> None:
    error = await refused_by(*routes)
    assert isinstance(error, Rejected)
    assert (error.field, error.reason) == (field, reason)
    for language in ("en", "zh-hans", "vi"):
        assert sentence(error.reason, error.params, language, MANIFEST)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_blip_is_told_as_one(status: int) -> None:
    for path in ("/api/v2/instance", "/.well-known/oauth-authorization-server", APPS):
        before = [] if path == "/api/v2/instance" else [INSTANCE]
        error = await refused_by(*before, ("POST" if path == APPS else "GET", path, page(status)))
        assert isinstance(error, RetryLater), path


async def test_an_address_that_leads_on_names_where_to(at_work: AtWork) -> None:
    moved = lambda: web.Response(status=301, headers={"Location": "https://social.example/api/v2/instance"})  # noqa: E731 - one line says it
    error = await refused_by(("GET", "/api/v2/instance", moved))
    assert (error.reason, error.params["address"]) == ("moved_server", "https://social.example")
    assert "https://social.example" in sentence("moved_server", error.params, "vi", MANIFEST)


@pytest.mark.parametrize("address", ["http://10.0.0.1", "https://169.254.169.254", "http://[::1]:80"])
async def test_an_inner_address_is_not_called(address: str) -> None:
    async with sessions.connecting(MANIFEST.by("oauth"), {"url": address}) as (http, urls):
        with pytest.raises(Rejected) as caught:
            await oauth.begin(http, urls, {}, {"url": address}, state="s", redirect_uri=BACK)
    assert caught.value.reason == "host_refused"


async def test_no_address_that_the_server_names_is_gone_to(at_work: AtWork) -> None:
    bench = await at_work("mastodon", way="oauth")
    evil = {"authorization_endpoint": "javascript:alert(1)", "token_endpoint": "https://evil.example/token"}
    described = told({**evil, "code_challenge_methods_supported": ["S256"]})
    keys = told({"client_id": "1", "client_secret": "2"})
    app = web.Application()
    for method, path, answer in (INSTANCE, ("GET", oauth.DESCRIBED, described), ("POST", APPS, keys)):

        async def handler(_: web.Request, made: Any = answer) -> web.Response:
            return made()

        app.router.add_route(method, path, handler)
    async with serve(app) as base, Client((base.removeprefix("http://"),), allow_loopback=True) as http:
        begun = await oauth.begin(http, {"api": base}, {}, bench.typed, state="s", redirect_uri=BACK)
    assert begun.url.startswith(f"{base}/oauth/authorize?")


async def test_a_server_that_stumbles_on_the_way_back_is_asked_again_later(at_work: AtWork) -> None:
    bench = await at_work("mastodon", way="oauth")
    begun = await begin(bench)
    params = await say_yes(begun.url, "hien-ca-phe")
    bench.faults.next(Fault("html"))
    with pytest.raises(RetryLater):
        await finish(bench, begun.app, begun, params)
