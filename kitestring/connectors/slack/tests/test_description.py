"""Slack: requests and answers against Slack's own description, archived in 2021.

It knows neither the upload of today (files.getUploadURLExternal, files.completeUploadExternal) nor metadata: what is mended or
left out is said below. Those are documented in prose only, and our fixtures say so.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.slack import auth, diagnostics, editing, inbox, metrics, moderation, publishing
from kitestring.connectors.slack.client import workspace
from kitestring.kit.http import Answer, Client
from tests.descriptions.swagger2 import Undescribed, described, unions, watching

pytestmark = pytest.mark.specs
# The way files go up since 2024, and the address they are brought to: in no description.
NEWER = {"/files.getUploadURLExternal", "/files.completeUploadExternal"}


def api():
    return described("slack/web-api-1.7.0.subset.json", mend=_since)


def _since(found: dict[str, Any]) -> None:
    paths, message = found["paths"], found["definitions"]["objs_message"]["properties"]
    # Metadata came in 2022 (docs.slack.dev, messaging/message-metadata).
    message["metadata"] = {"type": "object", "required": ["event_type", "event_payload"]}
    paths["/chat.postMessage"]["post"]["parameters"].append(
        {"name": "metadata", "in": "formData", "type": "string"}
    )
    for name in ("history", "replies"):
        operation = paths[f"/conversations.{name}"]["get"]
        operation["parameters"].append({"name": "include_all_metadata", "in": "query", "type": "boolean"})
        answer = operation["responses"]["200"]["schema"]
        # Paging is in their examples and in their prose, and missing in their schemas; an empty page is one without messages.
        answer["properties"]["response_metadata"] = {"type": "object"}
        answer["properties"]["messages"] = {"type": "array", "items": {"$ref": "#/definitions/objs_message"}}
        operation["responses"]["default"]["schema"]["properties"]["error"]["enum"].append("token_revoked")
    # Words that came later, or that the enum of just this method forgot (its neighbours have them).
    for path in ("/chat.postMessage", "/conversations.info"):
        verb = next(iter(paths[path]))
        paths[path][verb]["responses"]["default"]["schema"]["properties"]["error"]["enum"] += [
            "token_revoked",
            "method_deprecated",
        ]


def pick(answer: Answer) -> str:
    """Both kinds of answers come as 200."""
    return "200" if answer.json()["ok"] else "default"


def watched(session):
    return watching(
        session, api(), pick=pick, given={"token"},
        loose=lambda method, path: path in NEWER or path.startswith("/upload/"),
    )  # fmt: skip


async def test_requests_and_answers(at_work, duty, picture):
    there = await at_work("slack")
    async with watched(there.session) as seeing:
        session = seeing.session
        await auth.connect(session.http, session.urls, there.typed)
        await auth.connect(session.http, session.urls, {**there.typed, "channel": "#thong-bao"})
        post = await publishing.publish(session, duty("post", "một", options={"no_preview": "yes"}))
        filed = duty("post", "hai", media=(picture(),), uploads=Kept())
        await publishing.publish(session, filed)
        await publishing.follow(session, filed)
        shown = await publishing.follow(session, filed)
        there.platform.count(post.remote_id, "likes", 3)
        first = there.platform.comment(post.remote_id, "lan", "Lan", "Giá?")
        there.platform.comment(first.id, "hoa", "Hoa", "45k")
        there.platform.mention(session.remote_id, "tú", "Tú", "ghé đi")
        there.platform.message(session.remote_id, "minh", "Minh", "còn bàn không")
        page = await inbox.fetch(session, [post.remote_id], "")
        kinds = {message.kind: message for message in page.messages}
        assert set(kinds) == {"comment", "mention", "message"}
        reply = duty("reply", "cảm ơn", reply_to=kinds["comment"].remote_id, root=post.remote_id)
        await publishing.publish(session, reply)
        assert await publishing.look_up(session, reply)
        private = kinds["message"]
        await publishing.publish(
            session, duty("message", "còn", reply_to=private.remote_id, root=private.thread)
        )
        await inbox.fetch(session, [post.remote_id], page.cursor)
        for liked in (True, True, False, False):
            await moderation.like(session, kinds["comment"].remote_id, liked)
        await editing.edit(session, post.remote_id, duty("post", "sửa"))
        await metrics.read(session, [post.remote_id, "1700000000.000100"])
        await metrics.account(session)
        await diagnostics.examine(session)
        await publishing.withdraw(session, shown.remote_id)
        await publishing.withdraw(session, shown.remote_id)
        methods = {call.rpartition("/")[2] for call, _key in seeing.seen}
    assert methods >= {
        "auth.test", "conversations.info", "conversations.list", "conversations.history", "conversations.replies",
        "chat.postMessage", "chat.update", "chat.delete", "reactions.add", "reactions.remove", "users.info", "files.delete",
        "files.getUploadURLExternal", "files.completeUploadExternal",
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["unauthorized", "retired"])
async def test_refusals_are_worded_as_described(at_work, duty, fault):
    there = await at_work("slack")
    there.faults.always(Fault(fault))
    async with watched(there.session) as seeing:
        with pytest.raises(ConnectorError):
            await publishing.publish(seeing.session, duty("post", "x"))
    assert seeing.seen == [("POST /chat.postMessage", "default")]


async def test_each_refusal_of_the_emulator(at_work):
    there = await at_work("slack")
    channel = there.session.remote_id
    async with watched(there.session) as seeing:
        place = workspace(seeing.session)
        for method, asked in (
            ("chat.postMessage", {"channel": channel, "text": " "}),
            ("chat.postMessage", {"channel": channel, "text": "x" * 40001}),
            ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}),
            ("chat.update", {"channel": channel, "ts": "1700000000.000100", "text": "x"}),
            ("chat.delete", {"channel": channel, "ts": "1700000000.000100"}),
            ("reactions.add", {"channel": channel, "timestamp": "1700000000.000100", "name": "thumbsup"}),
        ):
            with pytest.raises(ConnectorError):
                await place.call(method, **asked)
        with pytest.raises(ConnectorError):
            await place.read("conversations.replies", channel=channel, ts="1700000000.000100")
    assert [key for _, key in seeing.seen] == ["default"] * 7


async def test_a_broken_call_is_noticed(at_work):
    there = await at_work("slack")
    async with watched(there.session) as seeing:
        place = workspace(seeing.session)
        with pytest.raises(Undescribed, match="'mesage'"):
            await place.call("chat.postMessage", channel=there.session.remote_id, text="x", mesage="x")
        with pytest.raises(Undescribed, match="missing"):
            await place.call("chat.update", channel=there.session.remote_id, text="x")
        with pytest.raises(Undescribed, match="is no integer"):
            await place.read("conversations.history", channel=there.session.remote_id, limit="many")
        with pytest.raises(Undescribed, match="is not described"):
            await place.call("auth.test")


async def test_a_broken_answer_is_noticed(at_work, monkeypatch):
    there, real = await at_work("slack"), Client.request

    async def bent(self, method, url, **more):
        answer = await real(self, method, url, **more)
        return Answer(
            answer.status, answer.headers, json.dumps({**json.loads(answer.body), "team_id": "x"}).encode()
        )

    monkeypatch.setattr(Client, "request", bent)
    async with watched(there.session) as seeing:
        with pytest.raises(Undescribed, match="team_id"):
            await workspace(seeing.session).read("auth.test")


def test_lists_of_alternatives_are_read_as_such():
    told = unions(
        {"a": {"items": [{"type": "null"}, {"type": "string"}]}, "b": {"type": "array", "items": [{}]}}
    )
    assert told == {
        "a": {"anyOf": [{"type": "null"}, {"type": "string"}]},
        "b": {"type": "array", "items": [{}]},
    }
