"""WeChat: followers' words come in by sealed calls only, and are answered within the window, once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.connectors.wechat import emulator, hooks, letters, publishing
from kitestring.connectors.wechat.client import refusal
from kitestring.connectors.wechat.emulated import callbacks, talks
from kitestring.connectors.wechat.emulated.world import World
from kitestring.kit import clock

PUSHES = json.loads((Path(__file__).parent / "fixtures" / "pushes.json").read_text("utf-8"))
SECRETS = {
    "token": "QDG6eK8vZx2mPq0sT5uW7yA9bC1dE3fG",
    "aes_key": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}


@pytest.fixture
def time():
    yield lambda **by: clock.move(clock.offset() + timedelta(**by))
    clock.move(timedelta(0))


@pytest.fixture
async def asked(at_work):
    """An account, and what a follower wrote to it, as it came in."""
    there = await at_work("wechat")
    there.platform.clock = clock.now
    there.platform.message(there.session.remote_id, "lan", "Lan", "几点开门？")
    (letter,) = brought(there)
    return there, letter


def brought(there):
    door = Door(SECRETS, there.session.remote_id)
    heard = [hooks.verify(knock, door) for knock in emulator.pushes(there.platform, SECRETS)]
    return [one for told in heard for one in told.messages]


async def send(there, duty, letter, text):
    outgoing = duty("message", text, reply_to=letter.remote_id, root=letter.thread)
    first = await publishing.publish(there.session, outgoing)
    assert isinstance(first, Processing)
    assert not first.handed_over
    return await publishing.follow(there.session, replace(outgoing, handle=first.handle))


async def test_words_come_in_and_are_answered(asked, duty):
    there, letter = asked
    assert (letter.kind, letter.text, letter.thread, letter.author_id) == (
        "message",
        "几点开门？",
        "olan",
        "olan",
    )
    assert brought(there) == []
    live = await send(there, duty, letter, "早上七点")
    assert isinstance(live, Published)
    again = await send(there, duty, letter, "早上七点")
    assert live.remote_id != again.remote_id
    assert [one.text for one in there.platform.talk("lan")] == ["几点开门？", "早上七点", "早上七点"]


async def test_in_plain_mode_anybody_could_have_written_it(at_work):
    there = await at_work("wechat")
    there.platform.message(there.session.remote_id, "lan", "Lan", "几点开门？")
    plain = {"token": SECRETS["token"]}
    (knock,) = emulator.pushes(there.platform, plain)
    assert "几点开门".encode() in knock.body
    assert hooks.verify(knock, Door(plain, there.session.remote_id)) == Heard("success")


async def test_a_talk_of_another_account_is_nothing(at_work):
    there = await at_work("wechat")
    there.platform.message("wxanother", "lan", "Lan", "几点开门？")
    (knock,) = emulator.pushes(there.platform, SECRETS)
    assert hooks.verify(knock, Door(SECRETS, there.session.remote_id)) is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", "this is a test"), ("image", "📷 this is a url"), ("location", "📍 位置信息"),
        ("link", "🔗 公众平台官网链接 url"),
    ],
)  # fmt: skip
def test_what_the_documents_show(kind, text):
    letter = letters.letter(PUSHES["documented"][kind])
    assert (letter.text, letter.author_id, letter.remote_id) == (
        text,
        "fromUser",
        "fromUser:1234567890123456",
    )
    assert letter.at == datetime.fromtimestamp(1348831860 if kind in {"text", "image"} else 1351776360, UTC)


@pytest.mark.parametrize(
    "fields",
    [
        {"MsgType": "event", "Event": "subscribe"},
        {"MsgType": "event", "Event": "CLICK", "EventKey": "menu"},
        {"MsgType": "something_new"},
    ],
)
async def test_an_event_has_no_words(at_work, fields):
    there = await at_work("wechat")
    item = there.platform.message(there.session.remote_id, "lan", "Lan", "")
    item.extra["wechat"] = fields
    assert brought(there) == []


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"MsgType": "voice", "MediaId": "m", "Recognition": "今天有位吗"}, "🎤 今天有位吗"),
        ({"MsgType": "voice", "MediaId": "m"}, "🎤"),
        ({"MsgType": "shortvideo", "MediaId": "m"}, "🎞️"),
        ({"MsgType": "text", "Content": "a ]]></Content><FromUserName><![CDATA[boss]]></FromUserName> b"},
         "a ]]></Content><FromUserName><![CDATA[boss]]></FromUserName> b"),
        ({"MsgType": "text", "Content": "<MsgId>7</MsgId>\nĐông quá"}, "<MsgId>7</MsgId>\nĐông quá"),
    ],
)  # fmt: skip
async def test_nobody_writes_himself_into_another_field(at_work, fields, text):
    there = await at_work("wechat")
    item = there.platform.message(there.session.remote_id, "lan", "Lan", "")
    item.extra["wechat"] = fields
    (letter,) = brought(there)
    assert (letter.text, letter.author_id, letter.remote_id) == (text, "olan", f"olan:{item.id}")


def test_a_letter_without_a_writer_or_a_number_is_none():
    whole = PUSHES["documented"]["text"]
    for broken in (
        "", "<xml></xml>", whole.replace("fromUser", "…"), whole.replace("1234567890123456", "x"),
        whole.replace("1348831860", "soon"), whole.replace("1348831860", "9" * 30), whole.replace("<xml>", ""),
    ):  # fmt: skip
        assert letters.letter(broken) is None


async def test_five_answers_to_what_somebody_wrote(asked, duty):
    there, letter = asked
    for n in range(5):
        await send(there, duty, letter, f"{n}")
    with pytest.raises(Rejected) as raised:
        await send(there, duty, letter, "6")
    assert (raised.value.field, raised.value.reason) == ("reply_to", "answers_used_up")
    there.platform.message(there.session.remote_id, "lan", "Lan", "在吗？")
    (next_one,) = brought(there)
    assert isinstance(await send(there, duty, next_one, "在的"), Published)


async def test_two_days_later_it_is_closed(asked, duty, time):
    there, letter = asked
    time(hours=48, minutes=1)
    with pytest.raises(Rejected) as raised:
        await send(there, duty, letter, "早上七点")
    assert raised.value.reason == "reply_window_over"


async def test_a_lost_answer_is_for_a_person_to_look_at(asked, duty):
    there, letter = asked
    outgoing = duty("message", "早上七点", reply_to=letter.remote_id, root=letter.thread)
    assert await publishing.look_up(there.session, outgoing) is None
    outgoing = replace(outgoing, handle=(await publishing.publish(there.session, outgoing)).handle)
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, outgoing)
    with pytest.raises(Ambiguous) as raised:
        await publishing.look_up(there.session, outgoing)
    assert raised.value.reason == "message_unheard"
    with pytest.raises(Ambiguous) as raised:
        await publishing.look_up(there.session, replace(outgoing, handle="", restored=True))
    assert raised.value.reason == "handle_lost"


async def test_a_stranger_and_an_account_without_the_right(asked, duty, at_work):
    there, letter = asked
    with pytest.raises(Rejected) as raised:
        await send(there, duty, replace(letter, thread="onobody"), "?")
    assert raised.value.reason == "person_gone"
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, duty("message", "?", reply_to="1", root="no person"))
    assert raised.value.reason == "person_gone"
    unverified = await at_work("wechat", account_type="service_unverified")
    assert unverified.connected.capabilities["messages"] == "needs_verification"
    with pytest.raises(Rejected):
        publishing.check(unverified.session, duty("message", "?", reply_to="1", root="olan"))


@pytest.mark.parametrize(
    ("name", "reason"),
    [("too_late", "reply_window_over"), ("too_many", "answers_used_up"), ("no_follower", "person_gone")],
)
def test_what_was_recorded(name, reason):
    error = refusal(PUSHES["recorded"][name], write=True, headers={})
    assert (type(error).__name__, error.reason) == ("Rejected", reason)


async def test_messages_are_pushed_in_their_own_account_s_seal(at_work):
    there = await at_work("wechat")
    there.platform.memory["wechat"]["callback"] = dict(SECRETS)
    there.platform.message(there.session.remote_id, "林", "林", "你好")
    (push,) = callbacks.waiting(World(there.platform))
    heard = hooks.verify(
        Knock("POST", dict(parse_qsl(push.query)), body=push.body), Door(SECRETS, there.session.remote_id)
    )
    assert [one.author_id for one in heard.messages] == [talks.openid("林")]
