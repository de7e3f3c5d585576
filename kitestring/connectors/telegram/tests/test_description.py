"""Telegram: our requests and our emulator's answers, held against the vendor's description of Bot API 10.1."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from aiohttp import web

from kitestring.connectors.telegram import emulator, inbox, publishing

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

    def fields(self, value, fields, at) -> list[str]:
        known = {field["name"]: field for field in fields}
        found = [f"{at}.{name}: unknown" for name in value if name not in known]
        found += [f"{at}.{n}: missing" for n, field in known.items() if field["required"] and n not in value]
        for name in value.keys() & known.keys():
            found += self.faults(value[name], known[name]["types"], f"{at}.{name}")
        return found


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
            params = {} if form else await emulator._params(request)
            fields = description.methods[method].get("fields", [])
            if form:
                body = await request.post()
                known = {f["name"] for f in fields}
                attached = {p["media"].removeprefix("attach://") for p in json.loads(body.get("media", "[]"))}
                wrong.extend(f"{method}.{name}: unknown" for name in body if name not in known | attached)
                wrong.extend(
                    f"{method}.{f['name']}: missing"
                    for f in fields
                    if f["required"] and f["name"] not in body
                )
                if "media" in body:
                    wrong.extend(
                        description.faults(json.loads(body["media"]), ["Array of InputMediaPhoto"], method)
                    )
            else:
                wrong.extend(description.fields(params, fields, method))
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


async def test_requests_and_answers(at_work, duty, picture, watched):
    wrong, seen = watched
    there = await at_work("telegram")
    post = (await publishing.publish(there.session, duty("text", "một"))).remote_id
    await publishing.publish(there.session, duty("photo", "hai", media=(picture("a"),)))
    album = await publishing.publish(there.session, duty("photo", "ba", media=(picture("a"), picture("b"))))
    first = there.platform.comment(post, "lan", "Lan", "Giá?")
    there.platform.comment(first.id, "hoa", "Hoa", "45k")
    there.platform.comment(album.remote_id, "hoa", "Hoa", "đẹp")
    page = await inbox.fetch(there.session, [post], "")
    await inbox.fetch(there.session, [post], page.cursor)
    reply = await publishing.publish(
        there.session, duty("reply", "cảm ơn", reply_to=page.messages[0].remote_id)
    )
    await publishing.withdraw(there.session, reply.remote_id)
    assert wrong == []
    assert seen == {
        "getMe", "getChat", "getChatMember", "getWebhookInfo", "getUpdates",
        "sendMessage", "sendPhoto", "sendMediaGroup", "deleteMessage",
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
