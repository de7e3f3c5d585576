"""Telegram: our requests and our emulator's answers, held against the vendor's description of Bot API 10.1."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from aiohttp import web

from kitestring.connectors.telegram import (
    diagnostics,
    editing,
    emulator,
    inbox,
    metrics,
    moderation,
    publishing,
)

FOLDER = os.environ.get("KITESTRING_SPECS", "")
DESCRIPTION = Path(FOLDER) / "telegram" / "bot-api-10.1.json"
pytestmark = [
    pytest.mark.specs,
    pytest.mark.skipif(
        not FOLDER or not DESCRIPTION.exists(), reason="ABSENT: KITESTRING_SPECS has no telegram"
    ),
]
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float)}


class Description:
    """The description's own format: `methods` and `types`, each with `fields` of names, types and `required`."""

    def __init__(self) -> None:
        whole = json.loads(DESCRIPTION.read_text("utf-8"))
        self.methods, self.types = whole["methods"], whole["types"]

    def faults(self, value, kinds, at) -> list[str]:
        """What is wrong with `value`, which should be one of `kinds`; [] when one fits."""
        all_faults = [self._fault(value, kind, at) for kind in kinds]
        return [] if not all(all_faults) else min(all_faults, key=len)

    def _fault(self, value, kind, at) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{at}: no list"]
            inner = kind.removeprefix("Array of ")
            return [f for n, one in enumerate(value) for f in self._fault(one, inner, f"{at}[{n}]")]
        if kind in PLAIN:
            wrong = not isinstance(value, PLAIN[kind]) or (kind == "Integer" and isinstance(value, bool))
            return [f"{at}: {value!r} is no {kind}"] if wrong else []
        described = self.types[kind]
        if "subtypes" in described:
            return self.faults(value, described["subtypes"], at)
        if not isinstance(value, dict):
            return [f"{at}: no {kind}"]
        return self.fields(value, described.get("fields", []), at)

    def form(self, body, fields):
        """A form's fields as the values they stand for, and the names of its files."""
        plain = {f["name"] for f in fields if set(f["types"]) & {"String", "InputFile"}}
        files = {name for name, value in body.items() if isinstance(value, web.FileField)}
        told = {n: v if n in plain else json.loads(v) for n, v in body.items() if n not in files}
        return told, files

    def fields(self, value, fields, at) -> list[str]:
        known = {field["name"]: field for field in fields}
        found = [f"{at}.{name}: unknown" for name in value if name not in known]
        found += [f"{at}.{n}: missing" for n, field in known.items() if field["required"] and n not in value]
        for name in value.keys() & known.keys():
            found += self.faults(value[name], known[name]["types"], f"{at}.{name}")
        return found


def attached(told) -> set[str]:
    """The names under which files come that are named elsewhere in the form."""
    shown = [told, *(told.get("media") or [])]
    values = [value for one in shown for value in one.values() if isinstance(value, str)]
    return {value.removeprefix("attach://") for value in values if value.startswith("attach://")}


@pytest.fixture
def watched(monkeypatch):
    """Every call that reaches the emulator is held against the description, and so is its answer."""
    description, wrong, seen = Description(), [], set()
    real = emulator._door

    def watching(act):
        handler = real(act)

        async def handle(request: web.Request) -> web.Response:
            method = request.path.rpartition("/")[2]
            form = request.content_type == "multipart/form-data"
            fields = description.methods[method].get("fields", [])
            if form:
                told, files = description.form(await request.post(), fields)
                known = {f["name"] for f in fields} | attached(told)
                wrong.extend(f"{method}.{name}: unknown" for name in files - known)
                given = [f for f in fields if f["name"] not in files]
                wrong.extend(description.fields(told, given, method))
            else:
                wrong.extend(description.fields(await emulator._params(request), fields, method))
            answer = await handler(request)
            told = json.loads(answer.body)
            if told["ok"]:
                wrong.extend(
                    description.faults(told["result"], description.methods[method]["returns"], f"{method}()")
                )
            seen.add(method)
            return answer

        return handle

    monkeypatch.setattr(emulator, "_door", watching)
    return wrong, seen


async def test_requests_and_answers(at_work, duty, picture, clip, watched):
    wrong, seen = watched
    there = await at_work("telegram")
    session, us = there.session, there.session.remote_id
    told = {"silent": "yes", "protected": "yes", "no_preview": "yes"}
    post = (await publishing.publish(session, duty("text", "một", options=told))).remote_id
    covered = {"covered": "yes", "silent": "yes"}
    await publishing.publish(session, duty("photo", "hai", media=(picture("a"),), options=covered))
    await publishing.publish(session, duty("photo", "phim", media=(clip(),), options=covered))
    mixed = (picture("a"), clip(), picture("b"))
    album = await publishing.publish(session, duty("photo", "ba", media=mixed, options=covered))
    poll = {"poll": "Sen|Nhài", "poll_several": "yes", "poll_length": "3600", "protected": "yes"}
    await publishing.publish(session, duty("poll", "Trà nào?", link="https://vidu.vn", options=poll))
    first = there.platform.comment(post, "lan", "Lan", "Giá?")
    there.platform.comment(first.id, "hoa", "Hoa", "45k")
    there.platform.comment(album.remote_id, "hoa", "Hoa", "đẹp")
    there.platform.message(us, "hoa", "Hoa", "Alo?")
    there.platform.count(post, "likes", 5)
    page = await inbox.fetch(session, [post], "")
    await inbox.fetch(session, [post], page.cursor)
    comment, private = page.messages[0], next(m for m in page.messages if m.kind == "message")
    reply = await publishing.publish(session, duty("reply", "cảm ơn", reply_to=comment.remote_id))
    sent = await publishing.publish(
        session, duty("message", "Dạ", reply_to=private.remote_id, root=private.thread)
    )
    for remote_id, kind in (
        (post, "text"), (album.remote_id, "photo"), (reply.remote_id, "reply"), (sent.remote_id, "message"),
    ):  # fmt: skip
        await editing.edit(session, remote_id, duty(kind, "lời mới"))
    for liked in (True, False):
        await moderation.like(session, comment.remote_id, liked)
    await metrics.read(session, [post])
    await metrics.account(session)
    await diagnostics.examine(session)
    await publishing.withdraw(session, reply.remote_id)
    assert wrong == []
    assert seen == {
        "getMe", "getChat", "getChatMember", "getWebhookInfo", "getUpdates", "getChatMemberCount",
        "sendMessage", "sendPhoto", "sendVideo", "sendMediaGroup", "sendPoll", "editMessageText",
        "editMessageCaption", "setMessageReaction", "deleteMessage",
    }  # fmt: skip


def test_the_description_is_read_strictly():
    """The checker itself notices an unknown field, a missing one and a wrong type."""
    description = Description()
    fields = description.methods["sendMessage"]["fields"]
    assert description.fields({"chat_id": 1, "text": "x"}, fields, "m") == []
    assert description.fields({"chat_id": 1, "txt": "x"}, fields, "m") == [
        "m.txt: unknown",
        "m.text: missing",
    ]
    assert description.fields({"chat_id": 1, "text": 5}, fields, "m") == ["m.text: 5 is no String"]


def test_a_form_is_read_as_strictly():
    """A number that is none, a file under a name nobody knows."""
    description = Description()
    fields = description.methods["sendVideo"]["fields"]
    told, files = description.form({"chat_id": "1", "caption": "x", "duration": "true"}, fields)
    assert files == set()
    assert "m.duration: True is no Integer" in description.fields(told, fields, "m")
    assert attached({"cover": "attach://c", "media": [{"media": "attach://p0"}]}) == {"c", "p0"}
