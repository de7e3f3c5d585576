"""WordPress: comments come in once, held ones too; replies go under them once; the count is the site's own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.wordpress import emulator, inbox, metrics, publishing
from kitestring.kit import clock


@pytest.fixture
def time():
    yield lambda **by: clock.move(clock.offset() + timedelta(**by))
    clock.move(timedelta(0))


async def _post(there, duty):
    return (await publishing.publish(there.session, duty("post", "x", title="Trà"))).remote_id


async def test_comments_come_in_once_and_as_words(at_work, duty):
    there = await at_work("wordpress")
    post = await _post(there, duty)
    there.platform.comment(post, "lan", "Lan", "Giá <b>bao nhiêu</b> & ở đâu?")
    page = await inbox.fetch(there.session, [post], "")
    (message,) = page.messages
    assert message.text == "Giá <b>bao nhiêu</b> & ở đâu?"
    assert (message.author_name, message.own, message.post_remote_id) == ("Lan", False, post)
    assert not message.awaits_moderation
    assert message.at.utcoffset() is not None
    again = await inbox.fetch(there.session, [post], page.cursor)
    assert again.messages == []
    assert again.cursor == page.cursor
    there.platform.comment(post, "minh", "Minh", "Ngon quá")
    assert [m.text for m in (await inbox.fetch(there.session, [post], page.cursor)).messages] == ["Ngon quá"]


async def test_more_comments_than_a_page_holds(at_work, duty):
    there = await at_work("wordpress")
    post = await _post(there, duty)
    for n in range(230):
        there.platform.comment(post, f"r{n}", f"R{n}", f"số {n}")
    page = await inbox.fetch(there.session, [post], "")
    assert [m.text for m in page.messages] == [f"số {n}" for n in range(230)]


async def test_one_let_through_later_than_a_newer_one_comes_in_once(at_work, duty, time):
    """Without the right to moderate a held comment is not seen until it is let through."""
    there = await at_work("wordpress")
    author = replace(there.session, settings={**there.session.settings, "moderates": False})
    there.platform.clock = clock.now
    post = await _post(there, duty)
    held = there.platform.comment(post, "lan", "Lan", "Giữ lại")
    held.extra["held"] = True
    there.platform.comment(post, "minh", "Minh", "Mới hơn")
    first = await inbox.fetch(author, [post], "")
    assert [m.text for m in first.messages] == ["Mới hơn"]
    held.extra["held"] = False
    time(days=10)
    there.platform.comment(post, "ha", "Hà", "Mới nhất")
    second = await inbox.fetch(author, [post], first.cursor)
    assert [m.text for m in second.messages] == ["Giữ lại", "Mới nhất"]
    assert (await inbox.fetch(author, [post], second.cursor)).messages == []
    time(days=20)
    third = await inbox.fetch(author, [post], second.cursor)
    assert third.messages == [], "what has left the days looked back to is not repeated"
    assert json.loads(third.cursor)["known"] == {}


async def test_a_cursor_that_is_a_plain_number_is_read_still(at_work, duty):
    there = await at_work("wordpress")
    post = await _post(there, duty)
    old = there.platform.comment(post, "lan", "Lan", "Cũ")
    kept = await inbox.fetch(there.session, [post], old.id.removeprefix("c"))
    assert kept.messages == []
    later = there.platform.comment(post, "minh", "Minh", "Giữ lại")
    later.extra["status"] = "spam"
    there.platform.comment(post, "ha", "Hà", "Mới")
    page = await inbox.fetch(there.session, [post], kept.cursor)
    assert [m.text for m in page.messages] == ["Mới"]
    later.extra["status"] = "approved"
    page = await inbox.fetch(there.session, [post], page.cursor)
    assert [m.text for m in page.messages] == ["Giữ lại"]


async def test_another_post_asked_about_later_repeats_nothing_and_loses_nothing(at_work, duty):
    there = await at_work("wordpress")
    one, two = await _post(there, duty), await _post(there, duty)
    there.platform.comment(two, "lan", "Lan", "dưới bài hai")
    there.platform.comment(one, "minh", "Minh", "dưới bài một")
    cursor, texts = "", []
    for posts in ([one], [two], [one], [one, two]):
        page = await inbox.fetch(there.session, posts, cursor)
        cursor = page.cursor
        texts.append([m.text for m in page.messages])
    assert texts == [["dưới bài một"], ["dưới bài hai"], [], []]


async def test_what_was_read_before_is_read_again_so_far_and_no_further(at_work, duty, monkeypatch):
    there = await at_work("wordpress")
    post = await _post(there, duty)
    for n in range(250):
        there.platform.comment(post, f"r{n}", f"R{n}", f"số {n}")
    page = await inbox.fetch(there.session, [post], "")
    asked = len(there.faults.seen)
    monkeypatch.setattr(inbox, "MOST", 150)
    assert (await inbox.fetch(there.session, [post], page.cursor)).messages == []
    assert len(there.faults.seen) - asked == 2


async def test_a_held_comment_says_so_and_an_answer_can_let_it_through(at_work, duty):
    there = await at_work("wordpress")
    there.platform.memory["hold"] = True
    post = await _post(there, duty)
    there.platform.comment(post, "lan", "Lan", "Giá bao nhiêu?")
    (held,) = (await inbox.fetch(there.session, [post], "")).messages
    assert held.awaits_moderation
    assert (await metrics.read(there.session, [post]))[0].value == 0
    reply = duty("reply", "45.000đ ạ", reply_to=held.remote_id, root=post, options={"approve": "1"})
    live = await publishing.publish(there.session, reply)
    assert there.platform.items[live.remote_id].parent == held.remote_id.removeprefix("c")
    (reading,) = await metrics.read(there.session, [post])
    assert (reading.value, reading.field) == (2, "X-WP-Total")


async def test_without_the_wish_a_held_comment_stays_held(at_work, duty):
    there = await at_work("wordpress")
    there.platform.memory["hold"] = True
    post = await _post(there, duty)
    comment = there.platform.comment(post, "lan", "Lan", "Giá bao nhiêu?")
    await publishing.publish(there.session, duty("reply", "45.000đ ạ", reply_to=f"c{comment.id}", root=post))
    (first, *_) = (await inbox.fetch(there.session, [post], "")).messages
    assert first.awaits_moderation
    emulator.confirm(there.platform, comment.id)
    (first, own) = (await inbox.fetch(there.session, [post], "")).messages
    assert not first.awaits_moderation
    assert own.own
    assert own.parent_id == first.remote_id


async def test_a_reply_whose_answer_was_lost_is_found_and_not_said_twice(at_work, duty):
    there = await at_work("wordpress")
    post = await _post(there, duty)
    comment = there.platform.comment(post, "lan", "Lan", "Giá?")
    reply = duty("reply", "45.000đ\nmột ly <ạ>", reply_to=f"c{comment.id}", root=post)
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, reply)
    found = await publishing.look_up(there.session, reply)
    assert found is not None
    assert await publishing.publish(there.session, reply) == found
    assert len(there.platform.comments(post)) == 2


async def test_an_answer_to_a_vanished_comment_is_refused_and_kept(at_work, duty):
    there = await at_work("wordpress")
    post = await _post(there, duty)
    comment = there.platform.comment(post, "lan", "Lan", "Giá?")
    there.platform.remove(comment.id)
    reply = duty("reply", "45.000đ", reply_to=f"c{comment.id}", root=post)
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, reply)
    assert (raised.value.field, raised.value.reason) == ("reply_to", "comment_gone")
    with pytest.raises(Rejected):
        publishing.check(there.session, replace(reply, reply_to="c"))


async def test_a_first_comment_stands_under_the_post_itself_and_is_told_from_a_reply_with_its_words(
    at_work, duty
):
    there = await at_work("wordpress")
    post = await _post(there, duty)
    comment = there.platform.comment(post, "lan", "Lan", "Ở đâu?")
    reply = duty("reply", "12 Hàng Gai", reply_to=f"c{comment.id}", root=post)
    first = duty("reply", "12 Hàng Gai", reply_to=post, root=post)
    await publishing.publish(there.session, reply)
    assert await publishing.look_up(there.session, first) is None
    done = await publishing.publish(there.session, first)
    assert there.platform.items[done.remote_id].parent == post
    assert await publishing.look_up(there.session, first) == done
    assert await publishing.publish(there.session, first) == done


async def test_no_number_told_is_a_missing_number(at_work, duty, monkeypatch):
    there = await at_work("wordpress")
    monkeypatch.setattr(metrics, "FIELD", "X-Eaten-By-A-Cache")
    (reading,) = await metrics.read(there.session, [await _post(there, duty)])
    assert (reading.value, reading.why) == (None, "not_told")
