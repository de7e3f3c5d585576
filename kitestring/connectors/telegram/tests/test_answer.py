"""Telegram: comments of the discussion group find their post; nothing is forgotten before it is stored."""

from __future__ import annotations

import json

import pytest

from kitestring.connectorkit.contract import Grant, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.telegram import cursors, inbox, publishing


async def _post(there, duty, text="Trà mới"):
    return (await publishing.publish(there.session, duty("text", text))).remote_id


async def test_comments_find_their_post(at_work, duty):
    there = await at_work("telegram")
    one, two = await _post(there, duty, "một"), await _post(there, duty, "hai")
    first = there.platform.comment(one, "lan", "Lan", "Giá bao nhiêu?")
    there.platform.comment(two, "minh", "Minh", "Ngon")
    there.platform.comment(first.id, "hoa", "Hoa", "45k đó")
    page = await inbox.fetch(there.session, [one, two], "")
    assert [(m.post_remote_id, m.text, m.author_name) for m in page.messages] == [
        (one, "Giá bao nhiêu?", "Lan"),
        (two, "Ngon", "Minh"),
        (one, "45k đó", "Hoa"),
    ]
    asked, _, answered = page.messages
    assert (asked.parent_id, answered.parent_id) == ("", asked.remote_id)
    assert not any(m.own for m in page.messages)
    assert asked.at.utcoffset() is not None


async def test_a_comment_under_an_album_belongs_to_the_album(at_work, duty, picture):
    there = await at_work("telegram")
    live = await publishing.publish(there.session, duty("photo", "x", media=(picture("a"), picture("b"))))
    there.platform.comment(live.remote_id, "lan", "Lan", "Đẹp quá")
    (message,) = (await inbox.fetch(there.session, [live.remote_id], "")).messages
    assert message.post_remote_id == live.remote_id


async def test_the_same_cursor_gives_the_same_comments_again(at_work, duty):
    """A fetch whose result was never stored must lose nothing."""
    there = await at_work("telegram")
    post = await _post(there, duty)
    there.platform.comment(post, "lan", "Lan", "một")
    lost = await inbox.fetch(there.session, [post], "")
    again = await inbox.fetch(there.session, [post], "")
    assert again == lost
    there.platform.comment(post, "lan", "Lan", "hai")
    later = await inbox.fetch(there.session, [post], again.cursor)
    assert [m.text for m in later.messages] == ["hai"]
    quiet = await inbox.fetch(there.session, [post], later.cursor)
    assert (quiet.messages, quiet.cursor) == ([], later.cursor)


async def test_a_later_fetch_still_knows_the_thread(at_work, duty):
    there = await at_work("telegram")
    post = await _post(there, duty)
    first = there.platform.comment(post, "lan", "Lan", "một")
    page = await inbox.fetch(there.session, [post], "")
    there.platform.comment(first.id, "hoa", "Hoa", "trả lời Lan")
    (message,) = (await inbox.fetch(there.session, [], page.cursor)).messages
    assert message.post_remote_id == post


async def test_the_cursor_does_not_grow_for_ever(at_work, duty):
    there = await at_work("telegram")
    cursor = ""
    for n in range(cursors.REMEMBERED // 50 + 2):
        for m in range(50):
            await _post(there, duty, f"{n}.{m}")
        cursor = (await inbox.fetch(there.session, [], cursor)).cursor
    assert len(json.loads(cursor)["threads"]) == cursors.REMEMBERED


async def test_a_reply(at_work, duty):
    there = await at_work("telegram")
    post = await _post(there, duty)
    comment = there.platform.comment(post, "lan", "Lan", "Giá?")
    (message,) = (await inbox.fetch(there.session, [post], "")).messages
    live = await publishing.publish(
        there.session, duty("reply", "45k", reply_to=message.remote_id, root=post)
    )
    assert there.platform.items[live.remote_id].parent == comment.id
    await publishing.withdraw(there.session, live.remote_id)
    assert live.remote_id not in there.platform.items


async def test_a_reply_to_a_vanished_comment(at_work, duty):
    there = await at_work("telegram")
    post = await _post(there, duty)
    comment = there.platform.comment(post, "lan", "Lan", "Giá?")
    (message,) = (await inbox.fetch(there.session, [post], "")).messages
    there.platform.remove(comment.id)
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, duty("reply", "45k", reply_to=message.remote_id, root=post))
    assert (raised.value.field, raised.value.reason) == ("reply_to", "comment_gone")


async def test_a_lost_answer_to_a_reply_is_unclear(at_work, duty):
    there = await at_work("telegram")
    post = await _post(there, duty)
    there.platform.comment(post, "lan", "Lan", "Giá?")
    (message,) = (await inbox.fetch(there.session, [post], "")).messages
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, duty("reply", "45k", reply_to=message.remote_id, root=post))


def _session(kind="channel"):
    settings = {"bot_id": 7, "discussion": -200 if kind == "channel" else -100}
    return Session(None, {"web": "https://t.me"}, Grant({}), "-100", account_type=kind, settings=settings)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"chat": {"id": -200}, "text": "talk among themselves"}, None),
        ({"chat": {"id": -999}, "text": "another group"}, None),
        ({"chat": {"id": -200}, "message_thread_id": 5, "new_chat_members": []}, None),
        ({"chat": {"id": -200}, "message_thread_id": 5, "photo": [{}]}, ("42", "📷", False)),
        ({"chat": {"id": -200}, "message_thread_id": 5, "sticker": {"emoji": "❤️"}}, ("42", "❤️", False)),
        ({"chat": {"id": -200}, "message_thread_id": 5, "text": "us", "sender_chat": {"id": -100}}, ("42", "us", True)),
        ({"chat": {"id": -200}, "message_thread_id": 5, "text": "us", "sender_chat": {"id": -200}}, ("42", "us", True)),
        ({"chat": {"id": -200}, "message_thread_id": 5, "text": "them", "sender_chat": {"id": -3}}, ("42", "them", False)),
    ],
)  # fmt: skip
def test_what_counts_as_a_comment(message, expected):
    """Shapes of the Bot API's Message (documented fields; the combinations are assumed)."""
    found = inbox._incoming(_session(), {"message_id": 9, "date": 1, **message}, {"5": "42"}, {})
    assert (found and (found.post_remote_id, found.text, found.own)) == expected


def test_in_a_group_an_answer_to_our_post_is_a_comment():
    message = {
        "message_id": 9,
        "date": 1,
        "chat": {"id": -100},
        "text": "hay",
        "reply_to_message": {"message_id": 42},
    }
    found = inbox._incoming(_session("group"), message, {}, {"42": "42,43", "43": "42,43"})
    assert found is not None
    assert (found.post_remote_id, found.parent_id) == ("42,43", "")
