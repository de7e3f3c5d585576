"""What LINE posts is taken when signed over its whole body, and read for private messages only."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing, Published
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.connectors.line import hooks, publishing
from kitestring.connectors.line.emulated import people, webhooks

NAME = "hien-ca-phe"
DOOR = Door({}, people.user_id(NAME), {}, {"channel_secret": people.secret(NAME)})


def told(*events: Any) -> Knock:
    return webhooks.knock(NAME, list(events))


async def sent(there: Any, answer: Outgoing) -> Any:
    """Both steps, as the ledger does them."""
    first = await publishing.publish(there.session, answer)
    return await publishing.follow(there.session, replace(answer, handle=first.handle))


def event(there: Any, content: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    item = there.platform.message(there.session.remote_id, "lan-anh", "Lan Anh", "Còn bàn không?")
    return {**webhooks.event(item, content), **more}


def test_verifying_an_address_is_a_call_with_no_events() -> None:
    assert hooks.verify(told(), DOOR) == Heard()
    assert hooks.verify(replace(told(), method="GET"), DOOR) is None


@pytest.mark.parametrize("signature", ["", "☃", "AAAA", "x" * 44])
def test_another_signature_is_nobodys(signature: str) -> None:
    good = told()
    assert hooks.verify(replace(good, headers={**good.headers, "x-line-signature": signature}), DOOR) is None


def test_signed_noise_is_nothing() -> None:
    secret = people.secret(NAME)
    for body in (b"null", b"[]", b'{"events": 5}', b'{"events": [null, 5, {}]}', b"\xff", b"{"):
        knock = Knock("POST", {}, {"x-line-signature": webhooks.signature(secret, body)}, body)
        assert hooks.verify(knock, DOOR) in (None, Heard())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"type": "text", "text": "Còn bàn không?"}, "Còn bàn không?"),
        ({"type": "sticker", "packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC", "keywords": ["vui"]}, "🏷️ vui"),
        ({"type": "image", "contentProvider": {"type": "line"}}, "📷"),
        ({"type": "file", "fileName": "menu.pdf", "fileSize": 5}, "📎 menu.pdf"),
        ({"type": "location", "latitude": 1.5, "longitude": 2.5, "address": "12 Lê Lợi"}, "📍 12 Lê Lợi"),
        ({"type": "hologram"}, "💬"),
    ],
)  # fmt: skip
async def test_each_kind_of_message_has_words(at_work: Any, content: dict[str, Any], words: str) -> None:
    there = await at_work("line")
    heard = hooks.verify(told(event(there, content)), DOOR)
    assert heard is not None
    [message] = heard.messages
    assert message.text == words
    assert (message.kind, message.thread) == ("message", people.user_id("lan-anh"))


async def test_what_is_no_private_message_is_left_out(at_work: Any) -> None:
    there = await at_work("line")
    group = {"type": "group", "groupId": "C" + "0" * 32, "userId": people.user_id("lan-anh")}
    strange = [
        event(there, type="follow"),
        event(there, source=group),
        event(there, source={"type": "user"}),
        event(there, source=None),
        event(there, timestamp="soon"),
        event(there, message=None),
    ]
    assert hooks.verify(told(*strange), DOOR) == Heard()


async def test_who_writes_is_named_by_their_profile_and_a_stranger_stays_nameless(at_work: Any) -> None:
    there = await at_work("line")
    heard = hooks.verify(told(event(there), event(there)), DOOR)
    assert heard is not None
    asked = len(there.faults.seen)
    named = await hooks.introduce(there.session, heard.messages)
    assert {m.author_name for m in named} == {"Lan Anh"}
    assert named[0].author_avatar_url.startswith("https://")
    assert len(there.faults.seen) == asked + 1, "each person is asked after once"
    there.platform.memory["line"]["strangers"] = ["lan-anh"]
    assert {m.author_name for m in await hooks.introduce(there.session, heard.messages)} == {""}


async def test_an_answer_goes_to_the_person_and_has_a_message_id(at_work: Any, duty: Any) -> None:
    there = await at_work("line")
    heard = hooks.verify(told(event(there)), DOOR)
    assert heard is not None
    [asked] = heard.messages
    answer = duty("message", "Dạ còn ạ.", reply_to=asked.remote_id, root=asked.thread)
    done, again = await sent(there, answer), await sent(there, answer)
    assert isinstance(done, Published)
    assert done == again
    assert there.platform.items[done.remote_id].root == "lan-anh"
    for root in (people.user_id("nobody"), "not-a-person"):
        lost = duty("message", "Alo?", reply_to="1", root=root)
        with pytest.raises(Rejected) as caught:
            await sent(there, lost)
        assert (caught.value.field, caught.value.reason) == ("reply_to", "person_gone")


async def test_calls_of_another_account_are_not_taken(at_work: Any) -> None:
    there = await at_work("line")
    knock = webhooks.knock("another", [event(there)])
    assert hooks.verify(knock, DOOR) is None
    assert json.loads(knock.body)["destination"] != DOOR.remote_id
