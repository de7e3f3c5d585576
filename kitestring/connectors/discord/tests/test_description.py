"""Discord: every request of the connector and every answer of the emulator against the vendor's description of API v10."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from openapi_core.exceptions import OpenAPIError

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectors.discord import (
    auth,
    diagnostics,
    editing,
    emulator,
    inbox,
    messages,
    metrics,
    moderation,
    publishing,
)
from kitestring.connectors.discord.client import caller
from kitestring.connectors.discord.emulated import world
from kitestring.kit.http import Answer, Client
from tests.descriptions.openapi import Got, Sent, described, watching

pytestmark = [pytest.mark.specs, pytest.mark.filterwarnings("ignore:Unsupported scheme type")]
NAME = "hien-ca-phe"
BY_HOOK = emulator.webhook_answers("https://discord.example", NAME)


def api():
    return described("discord/openapi-v10.json", mend=_formats)


def _formats(found) -> None:
    """A nonce's own format is known to nobody's validator; what it is stands beside it (25 letters). And the codes inside
    `errors` are described as numbers, while the documents (developers/reference.mdx, Error Messages) show words.
    """
    inner = found["components"]["schemas"]["InnerErrors"]["properties"]["_errors"]
    inner["items"] = {
        "type": "object",
        "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
    }
    for schema in ("MessageCreateRequest", "MessageResponse", "BasicMessageResponse"):
        for kind in found["components"]["schemas"][schema]["properties"]["nonce"]["oneOf"]:
            kind.pop("format", None) if kind.get("type") == "string" else None


async def test_a_bot(at_work, duty, picture):
    there = await at_work("discord")
    async with watching(there.session, api()) as watched:
        session = watched.session
        await auth.connect(session.http, session.urls, there.typed)
        post = await publishing.publish(
            session, duty("post", "một @everyone", options={"mentions": "everyone"})
        )
        filed = await publishing.publish(session, duty("post", "hai", media=(picture("a"), picture("b"))))
        card = duty("embed", "ba", title="Thẻ", link="https://x.vn/a", media=(picture("c"),))
        made = await publishing.publish(session, card)
        there.platform.count(post.remote_id, "likes", 3)
        first = there.platform.comment(post.remote_id, "lan", "Lan", "Giá?")
        there.platform.comment(first.id, "hoa", "Hoa", "45k")
        emulator.in_thread(there.platform, filed.remote_id, "minh", "Minh", "ở đây")
        there.platform.mention(session.remote_id, "tú", "Tú", "ghé đi")
        page = await inbox.fetch(session, [post.remote_id, filed.remote_id], "")
        assert len(page.messages) == 4
        await inbox.fetch(session, [post.remote_id], page.cursor)
        for message in page.messages[:3]:
            await moderation.like(session, message.remote_id, True)
            reply = duty("reply", "cảm ơn", reply_to=message.remote_id)
            await publishing.publish(session, reply)
            assert await publishing.look_up(session, reply)
        await moderation.like(session, page.messages[0].remote_id, False)
        await moderation.remove(session, page.messages[0].remote_id)
        await editing.edit(session, post.remote_id, duty("post", "sửa"))
        await editing.edit(session, made.remote_id, replace(card, text="sửa", media=()))
        await metrics.read(session, [post.remote_id])
        await metrics.account(session)
        await diagnostics.examine(session)
        await publishing.withdraw(session, post.remote_id)
        calls = {(call.partition("?")[0].partition(" ")[0], status) for call, status in watched.seen}
    assert calls == {("GET", 200), ("POST", 200), ("PUT", 204), ("DELETE", 204), ("PATCH", 200)}


async def test_a_webhook(at_work, duty, picture):
    there = await at_work("discord", **BY_HOOK)
    async with watching(there.session, api()) as watched:
        session = watched.session
        await auth.connect(session.http, session.urls, there.typed)
        post = await publishing.publish(session, duty("post", "một"))
        card = duty("embed", "ba", title="Thẻ", media=(picture("c"),))
        made = await publishing.publish(session, card)
        await editing.edit(session, post.remote_id, duty("post", "sửa"))
        await editing.edit(session, made.remote_id, replace(card, text="sửa", media=()))
        await diagnostics.examine(session)
        await publishing.withdraw(session, post.remote_id)
    assert {call.partition("/messages/")[0].rpartition("/")[0] for call, _ in watched.seen} >= {
        f"POST /webhooks/{world.hook_id(NAME)}"
    }


@pytest.mark.parametrize("by", [{}, BY_HOOK])
@pytest.mark.parametrize("kind", ["post", "embed"])
async def test_what_goes_beside_files(at_work, duty, picture, by, kind):
    """A form of several parts is not read by the validator: the JSON inside it is held against the same description."""
    there = await at_work("discord", **by)
    outgoing = duty(kind, "chữ", title="Thẻ", media=(picture(),), options={"silent": "yes"})
    body = messages.body(there.session, outgoing)
    hooked = bool(by)
    path = f"/webhooks/{world.hook_id(NAME)}/t" if hooked else f"/channels/{world.channel(NAME)}/messages"
    token = {"Authorization": "Bot t"}
    api().api.validate_request(Sent("POST", path, {"json": body, "headers": token}))
    wrong = {**body, "attachments": [{"filename": "no id"}]}
    with pytest.raises(OpenAPIError):
        api().api.validate_request(Sent("POST", path, {"json": wrong, "headers": token}))


@pytest.mark.parametrize("fault", ["unauthorized", "busy", "retired"])
async def test_errors_are_worded_as_described(at_work, duty, fault):
    there = await at_work("discord")
    there.faults.always(Fault(fault))
    async with watching(there.session, api()) as watched:
        with pytest.raises(ConnectorError):
            await publishing.publish(watched.session, duty("post", "x"))
    assert [status >= 400 for _, status in watched.seen] == [True]


async def test_refusals_are_worded_as_described(at_work):
    there = await at_work("discord")
    own = f"/channels/{world.channel(NAME)}/messages"
    async with watching(there.session, api()) as watched:
        bot = caller(watched.session)
        for body in (
            {"content": ""},
            {"content": "x" * 2001},
            {"content": "x", "message_reference": {"message_id": "4"}},
        ):
            with pytest.raises(ConnectorError):
                await bot.call("POST", own, json=body)
        for path in (f"{own}/404", "/channels/7/messages", "/guilds/7/roles"):
            with pytest.raises(ConnectorError):
                await bot.read(path)
    assert [status for _, status in watched.seen] == [400, 400, 400, 404, 404, 404]


async def test_a_broken_call_is_noticed(at_work):
    there = await at_work("discord")
    async with watching(there.session, api()) as watched:
        with pytest.raises(OpenAPIError):
            await caller(watched.session).call(
                "POST", f"/channels/{world.channel(NAME)}/messages", json={"content": 5}
            )
        with pytest.raises(OpenAPIError):
            await caller(watched.session).read("/channels/not-a-number/messages")


async def test_a_broken_answer_is_noticed(at_work, monkeypatch):
    there, real = await at_work("discord"), Client.request

    async def bent(self, method, url, **more):
        answer = await real(self, method, url, **more)
        body = {key: value for key, value in json.loads(answer.body).items() if key != "username"}
        return Answer(answer.status, answer.headers, json.dumps(body).encode())

    monkeypatch.setattr(Client, "request", bent)
    async with watching(there.session, api()) as watched:
        with pytest.raises(OpenAPIError):
            await caller(watched.session).read("/users/@me")


def test_the_answer_of_a_rate_limit_has_its_headers():
    assert Got(Answer(429, dict(world.BUCKET), b"")).headers["X-RateLimit-Remaining"] == "4"
