"""WeChat: comments come in once, get one reply each, and the reply is told apart from theirs."""

from __future__ import annotations

import json

import pytest

from kitestring.connectorkit.contract import Processing
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.wechat import inbox, publishing


@pytest.fixture
def publish(duty, picture):
    async def make(there, kind="publish"):
        outgoing = duty(kind, "明前龙井", title="春茶", media=(picture(),))
        outcome = await publishing.publish(there.session, outgoing)
        while isinstance(outcome, Processing):
            outgoing = duty(kind, "明前龙井", title="春茶", media=outgoing.media, handle=outcome.handle)
            outcome = await publishing.follow(there.session, outgoing)
        return outcome.remote_id

    return make


async def test_comments_come_in_once(at_work, publish):
    there = await at_work("wechat")
    post = await publish(there)
    there.platform.comment(post, "lin", "林", "多少钱一两？")
    page = await inbox.fetch(there.session, [post], "")
    (message,) = page.messages
    assert (message.text, message.own, message.can_reply) == ("多少钱一两？", False, True)
    assert message.author_id == "olin"
    again = await inbox.fetch(there.session, [post], page.cursor)
    assert (again.messages, again.cursor) == ([], page.cursor)


async def test_more_comments_than_a_page_holds(at_work, publish):
    there = await at_work("wechat")
    post = await publish(there)
    for n in range(120):
        there.platform.comment(post, f"r{n}", "", f"第 {n} 条")
    page = await inbox.fetch(there.session, [post], "")
    assert len({m.remote_id for m in page.messages}) == 120


async def test_one_reply_a_comment(at_work, publish, duty):
    there = await at_work("wechat")
    post = await publish(there)
    comment = there.platform.comment(post, "lin", "林", "多少钱？")
    page = await inbox.fetch(there.session, [post], "")
    reply = duty("reply", "一两 68 元", reply_to=page.messages[0].remote_id, root=post)
    live = await publishing.publish(there.session, reply)
    assert there.platform.items[live.remote_id].parent == comment.id
    # The same words again are our own reply; other words are refused in words.
    assert await publishing.publish(there.session, reply) == live
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, duty("reply", "改主意了", reply_to=reply.reply_to))
    assert (raised.value.field, raised.value.reason) == ("reply_to", "already_replied")
    later = await inbox.fetch(there.session, [post], page.cursor)
    assert [(m.own, m.text, m.parent_id) for m in later.messages] == [(True, "一两 68 元", reply.reply_to)]
    fresh = await inbox.fetch(there.session, [post], "")
    assert [m.can_reply for m in fresh.messages] == [False, False]
    await publishing.withdraw(there.session, live.remote_id)
    await publishing.withdraw(there.session, live.remote_id)
    assert await publishing.look_up(there.session, reply) is None


async def test_a_reply_whose_answer_was_lost(at_work, publish, duty):
    there = await at_work("wechat")
    post = await publish(there)
    there.platform.comment(post, "lin", "林", "多少钱？")
    (message,) = (await inbox.fetch(there.session, [post], "")).messages
    reply = duty("reply", "一两 68 元", reply_to=message.remote_id)
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, reply)
    assert await publishing.look_up(there.session, reply) is not None


async def test_an_adopted_send_has_no_comments_to_ask_for(at_work):
    there = await at_work("wechat")
    asked = len(there.faults.seen)
    page = await inbox.fetch(there.session, ["0_1:m3147494522"], "")
    assert page.messages == []
    assert len(there.faults.seen) == asked


async def test_an_article_deleted_there_takes_nothing_with_it(at_work, publish):
    there = await at_work("wechat")
    gone, post = await publish(there), await publish(there)
    there.platform.comment(post, "lin", "林", "好")
    there.platform.remove(gone)
    page = await inbox.fetch(there.session, [gone, post], "")
    assert [m.text for m in page.messages] == ["好"]
    assert len(json.loads(page.cursor)) == 2


async def test_a_reply_to_what_is_no_comment(at_work, duty):
    there = await at_work("wechat")
    for wrong in ("", "12_1:m3", "abc#1", "12_1#x"):
        with pytest.raises(Rejected):
            publishing.check(there.session, duty("reply", "x", reply_to=wrong))


async def test_so_many_articles_are_remembered(at_work, publish, monkeypatch):
    there = await at_work("wechat")
    monkeypatch.setattr(inbox, "REMEMBERED", 1)
    first, second = await publish(there), await publish(there)
    there.platform.comment(first, "lin", "林", "好")
    page = await inbox.fetch(there.session, [first], "")
    page = await inbox.fetch(there.session, [second], page.cursor)
    assert list(json.loads(page.cursor)) == [second.partition(":")[0]]
    # Asked about again, its comment comes once more under the id it had.
    (again,) = (await inbox.fetch(there.session, [first], page.cursor)).messages
    assert again.remote_id.startswith(first)
