"""Both sides of every call, and every webhook, against LINE's own descriptions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from openapi_core.exceptions import OpenAPIError

from kitestring.connectorkit.contract import Media, Processing
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError, Rejected
from kitestring.connectors.line import auth, diagnostics, emulator, hooks, metrics, publishing, subscribing
from kitestring.connectors.line.client import channel
from kitestring.connectors.line.emulated import people, tokens, webhooks
from tests.descriptions.files import description_file
from tests.descriptions.openapi import described, watching

pytestmark = [
    pytest.mark.specs,
    # The descriptions name a bearer token, which the validator does not look at; the emulator does.
    pytest.mark.filterwarnings("ignore:Unsupported scheme type"),
]
NAME = "hien-ca-phe"
# Described as an answer only for what goes well: the refusals of reads are in the prose documents alone.
REFUSED = {400, 401, 403, 404, 409, 410, 429, 500}


def mended(found: dict[str, Any]) -> None:
    """Refusals have one form on all of LINE (the prose reference, "Error responses"); the descriptions state it for a few
    calls only. It is put beside every call, so that each refusal of the emulator is held against it.
    """
    error = {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}},
        "description": "refused",
    }
    for path in found["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                for status in sorted(REFUSED):
                    operation["responses"].setdefault(str(status), error)


MESSAGING = "line/messaging-api.yml"


async def refusals_and_health(bench: Any, there: Any, duty: Any, person: Any) -> None:
    """What LINE refuses, what it says of an account's health, and who somebody is."""
    for fault in (Fault("unauthorized"), Fault("busy"), Fault("retired")):
        bench.faults.next(fault)
        with pytest.raises(ConnectorError):
            await publishing.publish(there, duty("broadcast", "Trà"))
    await diagnostics.examine(there)
    await subscribing.subscribe(there, "https://k.example/hooks/line/y")
    with pytest.raises(Rejected):
        await subscribing.subscribe(there, "http://k.example/hooks/line/z")
    bench.platform.memory["line_webhooks"][NAME] = {
        "endpoint": "https://k.example/hooks/line/x",
        "active": True,
    }
    bench.platform.memory["line"].update({"limit": 5, "used": 5})
    await diagnostics.examine(there)
    with pytest.raises(Rejected):
        await publishing.follow(
            there, replace(duty("broadcast", "Hết lượt"), handle='{"at": "2026-11-30T00:00:00+00:00"}')
        )
    with pytest.raises(Rejected):
        await channel(there).validate("broadcast", [{"type": "text", "text": "x" * 5001}])
    for who in (people.user_id("lan-anh"), people.user_id("nobody")):
        incoming = hooks.verify(webhooks.knock(NAME, [webhooks.event(person)]), door(there))
        assert incoming is not None
        await hooks.introduce(there, [replace(incoming.messages[0], author_id=who)])


async def test_sending_keeps_to_the_description(
    at_work: Any, duty: Any, picture: Callable[..., Media]
) -> None:
    bench = await at_work("line")
    media = (replace(picture("a"), public_url="https://files.example/a.png"),)
    async with watching(bench.session, described(MESSAGING, mend=mended)) as watched:
        there = watched.session
        person = bench.platform.message(there.remote_id, "lan-anh", "Lan Anh", "Alo?")
        kinds = [
            duty("broadcast", "Trà sen 新茶", media=media, options={"silent": "yes"}),
            duty(
                "broadcast",
                "Bạn nữ",
                options={"gender": "female", "age_from": "20", "audience": "5", "most": "9"},
            ),
            duty("broadcast", "Hai bạn", options={"recipients": people.user_id("lan-anh")}),
            duty("message", "Dạ", reply_to=person.id, root=people.user_id("lan-anh")),
        ]
        for outgoing in kinds:
            outcome = await publishing.publish(there, outgoing)
            while isinstance(outcome, Processing):
                again, outgoing = outcome, replace(outgoing, handle=outcome.handle)
                outcome = await publishing.follow(there, outgoing)
            if not again.handed_over:  # the same once more: 409
                assert await publishing.follow(there, outgoing) == outcome
        await refusals_and_health(bench, there, duty, person)
    statuses = {status for _, status in watched.seen}
    assert statuses >= {200, 202, 400, 401, 404, 409, 410, 429}
    called = {call.partition("/v2/bot/")[2] for call, _ in watched.seen}
    assert called >= {
        "message/broadcast",
        "message/narrowcast",
        "message/multicast",
        "message/push",
        "message/validate/push",
    }
    assert called >= {"channel/webhook/endpoint", "channel/webhook/test"}
    assert called >= {"info", "message/quota", "message/quota/consumption", "message/progress/narrowcast"}


def door(session: Any) -> Any:
    return hooks.Door({}, session.remote_id, {}, {"channel_secret": people.secret(NAME)})


async def test_statistics_keep_to_the_description(at_work: Any, duty: Any) -> None:
    bench = await at_work("line")
    outgoing = duty("broadcast", "Đếm")
    first = await publishing.publish(bench.session, outgoing)
    done = await publishing.follow(bench.session, replace(outgoing, handle=first.handle))
    bench.platform.count(done.remote_id, "views", 40)
    async with watching(bench.session, described("line/insight.yml", mend=mended)) as watched:
        await metrics.read(watched.session, [done.remote_id, "unknown"])
        await metrics.account(watched.session)
    assert {status for _, status in watched.seen} == {200, 404}


async def test_tokens_keep_to_the_description(at_work: Any) -> None:
    bench = await at_work("line")
    description = described("line/channel-access-token.yml", mend=mended)
    async with watching(
        bench.session, description, loose=lambda method, path: path == "/v2/bot/info"
    ) as watched:
        there = watched.session
        await auth.renew(there)
        for typed in ({}, {"access_token": tokens.long_lived(NAME)}):
            await auth.connect(there.http, there.urls, {**bench.typed, **typed})
        for wrong in ({"channel_secret": "x"}, {"access_token": "y"}):
            with pytest.raises(Rejected):
                await auth.connect(there.http, there.urls, {**bench.typed, **wrong})
    called = {call for call, _ in watched.seen}
    assert called >= {"POST /v2/oauth/accessToken", "POST /oauth2/v3/token", "POST /v2/oauth/verify"}


def webhook_form(name: str) -> Draft7Validator:
    text = description_file("line/webhook.yml").read_text("utf-8")
    schemas = yaml.safe_load(text)["components"]["schemas"]
    return Draft7Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}})


async def test_webhooks_keep_to_the_description(at_work: Any) -> None:
    bench = await at_work("line")
    bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", "Còn bàn không? 还有位子吗？")
    [call] = emulator.pushes(bench.platform, {})
    for knock in (call, emulator.challenge(bench.platform, {})):
        told = json.loads(knock.body)
        webhook_form("CallbackRequest").validate(told)
        for event in told["events"]:
            webhook_form("MessageEvent").validate(event)
            webhook_form("TextMessageContent").validate(event["message"])
            webhook_form("UserSource").validate(event["source"])
    assert not webhook_form("MessageEvent").is_valid(
        {**webhooks.event(next(iter(bench.platform.items.values()))), "mode": "odd"}
    )


async def test_a_call_and_an_answer_that_break_it_are_noticed(at_work: Any) -> None:
    bench = await at_work("line")
    async with watching(bench.session, described(MESSAGING, mend=mended)) as watched:
        with pytest.raises(OpenAPIError):
            await channel(watched.session).validate("broadcast", [{"type": "text", "text": "a"}] * 6)
        bench.platform.memory["line"]["limit"] = "two hundred"
        with pytest.raises(OpenAPIError):
            await channel(watched.session).read("/v2/bot/message/quota")
