"""Connecting by consent: whose word counts, what a token is worth without its key, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from kitestring.connectorkit import dpop
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.contract import Begun, Connected, Outgoing, Published
from kitestring.connectorkit.emulation import Platform, serve
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.sentences import sentence
from kitestring.connectors.bluesky import diagnostics, identity, inbox, oauth, publishing
from kitestring.connectors.bluesky.client import MANIFEST, chat, pds
from kitestring.connectors.bluesky.emulator import app as app_at
from kitestring.kit import clock
from kitestring.kit.http import Client

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
BACK = "https://kitestring.example/channels/back"
HERE = "http://127.0.0.1:8420/settings/accounts/back/"


async def begin(bench: Any, back: str = BACK, app: dict[str, str] | None = None, **typed: str) -> Begun:
    told = app if app is not None else app_at(bench.base_url)
    answers = {**bench.typed, **typed}
    return await oauth.begin(
        bench.session.http, bench.session.urls, told, answers, state="s", redirect_uri=back
    )


async def finish(bench: Any, begun: Begun, params: dict[str, str], back: str = BACK) -> Connected:
    app = app_at(bench.base_url)
    http, urls = bench.session.http, bench.session.urls
    [found] = await oauth.finish(http, urls, app, begun, params, redirect_uri=back)
    return found


async def test_posts_messages_and_health_work_by_consent_and_each_call_has_its_proof(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("bluesky", way="oauth")
    assert bench.connected.capabilities == {"messages": True}
    assert set(bench.connected.settings["urls"]) == {"api", "issuer"}
    done = await publishing.publish(bench.session, duty("post", "Bằng sự đồng ý"))
    assert isinstance(done, Published)
    bench.platform.message(bench.session.remote_id, "lan", "Lan", "Còn bàn không?")
    page = await inbox.fetch(bench.session, [], "")
    assert [m.text for m in page.messages] == ["Còn bàn không?"]
    told = await diagnostics.examine(bench.session)
    assert [f.reason for f in told.findings] == ["health_good"]
    assert told.scopes == oauth.SCOPES
    sent = [{name.lower(): value for name, value in seen.headers.items()} for seen in bench.faults.seen]
    proofs = [headers["dpop"] for headers in sent if "dpop" in headers]
    assert len(set(proofs)) == len(proofs) > 5


async def test_the_description_tells_the_public_key_and_nothing_secret(at_work: AtWork) -> None:
    app = {"client_id": "https://tra.example/apps/bluesky/1.json", "key": json.dumps(dpop.new_key())}
    told = oauth.document(app, redirect_uri=BACK)
    [key] = told["jwks"]["keys"]
    assert "d" not in key
    assert key["kid"] == dpop.thumbprint(json.loads(app["key"]))
    assert (told["client_id"], told["client_uri"]) == (app["client_id"], "https://tra.example")
    assert told["redirect_uris"] == [BACK]


async def test_on_ones_own_machine_the_id_says_all_and_no_key_proves_it(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    begun = await begin(bench, HERE, app={})
    assert begun.keeps["client_id"].startswith(
        "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%3A8420%2F"
    )
    who = await finish(bench, begun, await say_yes(begun.url, "hien-ca-phe"), HERE)
    later = replace(bench.session, grant=who.grant, app={})
    assert (await oauth.renew(later)).secrets["key"] == who.grant.secrets["key"]
    for back in ("http://localhost:8420/back/", "http://10.0.0.5/back/"):
        with pytest.raises(Rejected) as caught:
            await begin(bench, back)
        assert caught.value.reason == "needs_public_address"


async def test_an_answer_of_another_server_or_of_another_account_connects_nobody(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    begun = await begin(bench)
    back = await say_yes(begun.url, "hien-ca-phe")
    for iss in ("https://elsewhere.example", ""):
        with pytest.raises(Rejected) as caught:
            await finish(bench, begun, {**back, "iss": iss})
        assert caught.value.reason == "consent_refused"
    assert (await finish(bench, begun, back)).handle == "hien-ca-phe.test"
    again = await begin(bench)
    with pytest.raises(Rejected) as caught:
        await finish(bench, again, await say_yes(again.url, "somebody-else"))
    assert (caught.value.field, caught.value.reason) == ("handle", "signed_in_as_other")


async def test_a_token_is_worth_nothing_without_its_key(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    grant = bench.session.grant
    other = replace(grant, secrets={**grant.secrets, "key": dpop.new_key()})
    with pytest.raises(GrantExpired):
        await pds(replace(bench.session, grant=other)).ask("com.atproto.server.getSession")
    bare = replace(grant, secrets={key: value for key, value in grant.secrets.items() if key != "key"})
    with pytest.raises(GrantExpired):
        await pds(replace(bench.session, grant=bare)).ask("com.atproto.server.getSession")
    with pytest.raises(RetryLater):  # a refused proof speaks of a key or a clock, not of the consent
        await oauth.renew(replace(bench.session, grant=other))


async def test_a_refresh_token_is_good_once_and_a_replay_ends_the_consent(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    renewed = replace(bench.session, grant=await oauth.renew(bench.session))
    assert (await pds(renewed).ask("com.atproto.server.getSession"))["did"] == bench.session.remote_id
    with pytest.raises(GrantExpired):
        await oauth.renew(bench.session)
    with pytest.raises(GrantExpired):
        await oauth.renew(renewed)


async def test_an_ended_access_token_waits_and_numbers_that_change_are_followed(at_work: AtWork) -> None:
    late = timedelta(0)
    bench = await at_work("bluesky", way="oauth", platform=Platform(clock=lambda: clock.now() + late))
    late = timedelta(hours=2)
    with pytest.raises(RetryLater) as caught:
        await pds(bench.session).ask("com.atproto.server.getSession")
    assert caught.value.reason == "renewing"
    renewed = replace(bench.session, grant=await oauth.renew(bench.session))
    assert (await pds(renewed).ask("com.atproto.server.getSession"))["active"]


async def test_what_our_app_is_and_whose_it_is_are_looked_at_there(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    mine = app_at(bench.base_url)
    for wrong in (
        {**mine, "client_id": f"{bench.base_url}/clients/another.json"},
        {**mine, "key": json.dumps(dpop.new_key())},
    ):
        with pytest.raises(Rejected) as caught:
            await begin(bench, app=wrong)
        assert caught.value.reason == "document_refused"
    unread = {**bench.session.grant.secrets, "client_id": f"{bench.base_url}/clients/another.json"}
    lost = replace(bench.session, grant=replace(bench.session.grant, secrets=unread), app=mine)
    with pytest.raises(RetryLater) as later:  # our own address not answering ends nobody's consent
        await oauth.renew(lost)
    assert later.value.reason == "app_unread"


async def test_rights_that_were_not_given_are_told_and_end_nothing(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    for row in bench.platform.memory["oauth"]["access"].values():
        row["scope"] = "atproto transition:generic"
    with pytest.raises(Rejected) as caught:
        await chat(bench.session).ask("chat.bsky.convo.listConvos")
    assert caught.value.reason == "scope_missing"


async def test_an_account_on_another_server_is_told_where_it_lives(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    app = web.Application()

    async def directory(request: web.Request) -> web.Response:
        service = [{"id": "#atproto_pds", "serviceEndpoint": "https://pds.elsewhere.example"}]
        told = {"id": request.match_info["did"], "alsoKnownAs": ["at://hien-ca-phe.test"], "service": service}
        return web.json_response(told)

    app.router.add_get("/{did}", directory)
    async with serve(app) as plc:
        urls = {**bench.session.urls, "plc": plc}
        async with Client(["127.0.0.1"], allow_loopback=True) as http:
            with pytest.raises(Rejected) as caught:
                await oauth.begin(
                    http, urls, app_at(bench.base_url), bench.typed, state="s", redirect_uri=BACK
                )
    assert (caught.value.field, caught.value.reason) == ("url", "lives_elsewhere")
    assert caught.value.params == {"server": "https://pds.elsewhere.example"}


async def begun_with(bench: Any, did: str, document: Any) -> Rejected:
    """How a consent is refused whose handle leads to this name and this document."""
    app = web.Application()

    async def resolved(_request: web.Request) -> web.Response:
        return web.json_response({"did": did})

    async def directory(_request: web.Request) -> web.Response:
        return web.json_response(document)

    app.router.add_get("/xrpc/com.atproto.identity.resolveHandle", resolved)
    app.router.add_get("/{did}", directory)
    async with serve(app) as base, Client([base.removeprefix("http://")], allow_loopback=True) as http:
        urls = {**bench.session.urls, "api": base, "plc": base}
        with pytest.raises(Rejected) as caught:
            await oauth.begin(http, urls, app_at(bench.base_url), bench.typed, state="s", redirect_uri=BACK)
    return caught.value


async def test_a_name_kept_on_a_server_of_its_own_is_told(at_work: AtWork) -> None:
    bench = await at_work("bluesky", way="oauth")
    error = await begun_with(bench, "did:web:quan.example", {})
    assert (error.field, error.reason) == ("handle", "named_elsewhere")
    assert error.params == {"server": "https://quan.example"}
    for language in ("en", "zh-hans", "vi"):
        assert "quan.example" in sentence(error.reason, error.params, language, MANIFEST)


def served(address: Any) -> dict[str, Any]:
    rows = [{"id": "#atproto_pds", "serviceEndpoint": address}]
    return {"id": "did:plc:abc", "alsoKnownAs": ["at://hien-ca-phe.test"], "service": rows}


@pytest.mark.parametrize(
    ("did", "document"),
    [
        ("did:web:quan.example%3A99x", {}),
        ("did:web:quan.example:99999", {}),
        ("did:web:quan.example%3A99999", {}),
        ("did:plc:abc", served("quan.example")),
        ("did:plc:abc", ["no", "object"]),
        ("did:plc:abc", {**served(""), "service": ["no", "object"]}),
        ("did:plc:abc", {**served(""), "service": 7}),
        ("did:plc:abc", {**served(""), "alsoKnownAs": 7}),
        ("did:plc:abc", served("https://quan.example:99x")),
        ("did:plc:abc", served("https://quan.example:99999")),
        ("did:plc:abc", served("https://[quan")),
    ],
)
async def test_documents_of_any_shape_are_refused_in_words(at_work: AtWork, did: str, document: Any) -> None:
    error = await begun_with(await at_work("bluesky", way="oauth"), did, document)
    assert (error.field, error.reason) == ("handle", "handle_unknown")


@pytest.mark.parametrize("typed", ["khong-ai.example", "", "@"])
async def test_a_handle_nobody_has_is_refused_at_its_field(at_work: AtWork, typed: str) -> None:
    bench = await at_work("bluesky", way="oauth")
    with pytest.raises(Rejected) as caught:
        await begin(bench, handle=typed)
    assert (caught.value.field, caught.value.reason) == ("handle", "handle_unknown")


@pytest.mark.parametrize(
    ("resource", "server"),
    [
        (None, None),
        ({"authorization_servers": []}, None),
        ({}, {"issuer": "https://another.example"}),
        ({}, {"token_endpoint": ""}),
        ({}, ["no", "object"]),
    ],
)
async def test_a_server_that_speaks_for_another_or_for_nobody_is_not_believed(
    resource: dict[str, Any] | None, server: Any
) -> None:
    async def about_itself(request: web.Request) -> web.Response:
        if resource is None:
            raise web.HTTPNotFound
        return web.json_response({"authorization_servers": [str(request.url.origin())], **resource})

    async def about_tokens(request: web.Request) -> web.Response:
        base = str(request.url.origin())
        told = {"issuer": base, **dict.fromkeys(identity.ENDPOINTS, f"{base}/x")}
        return web.json_response({**told, **server} if isinstance(server, dict) else server)

    app = web.Application()
    app.router.add_get(identity.RESOURCE, about_itself)
    app.router.add_get(identity.SERVER, about_tokens)
    async with serve(app) as base, Client(["127.0.0.1"], allow_loopback=True) as http:
        with pytest.raises(Rejected) as caught:
            await identity.authority(http, base)
    assert (caught.value.field, caught.value.reason) == ("url", "no_consent_there")
