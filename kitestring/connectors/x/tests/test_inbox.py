"""Answers, mentions and private messages: whose they are, what is read again, and what one trouble leaves of the rest."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.x import inbox, messages, moderation, publishing
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def posted(session: Session, outgoing: Outgoing) -> Published:
    outcome = await publishing.publish(session, outgoing)
    assert isinstance(outcome, Processing)
    done = await publishing.follow(session, replace(outgoing, handle=outcome.handle))
    assert isinstance(done, Published)
    return done


async def test_an_answer_reads_without_the_names_and_a_mention_with_them(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    post = await posted(bench.session, duty("post", "Mở cửa"))
    bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "几点开门？ <b>&amp;</b>")
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Ghé quán này đi")
    page = await inbox.fetch(bench.session, [post.remote_id], "")
    comment, mention = sorted(page.messages, key=lambda message: message.kind)
    assert (comment.kind, comment.text, comment.post_remote_id) == (
        "comment",
        "几点开门？ <b>&amp;</b>",
        post.remote_id,
    )
    assert (comment.author_handle, comment.author_name, comment.parent_id) == ("@lan_anh", "Lan Anh", "")
    assert comment.url.endswith(f"/lan_anh/status/{comment.remote_id}")
    assert (mention.kind, mention.text) == ("mention", "@hien_ca_phe Ghé quán này đi")
    assert mention.post_remote_id == mention.remote_id
    assert mention.can_reply


async def test_an_answer_to_an_answer_hangs_on_the_post_and_says_what_it_answers(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("x")
    post = await posted(bench.session, duty("post", "Mở cửa"))
    comment = bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "Mấy giờ?")
    bench.platform.comment(comment.id, "minh", "Minh", "Tôi cũng hỏi")
    page = await inbox.fetch(bench.session, [post.remote_id], "")
    first, second = page.messages
    assert (second.post_remote_id, second.parent_id) == (post.remote_id, first.remote_id)


async def test_an_answer_under_a_post_nobody_asked_about_is_no_comment_on_another(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("x")
    old = await posted(bench.session, duty("post", "Bài cũ"))
    new = await posted(bench.session, duty("post", "Bài mới"))
    bench.platform.comment(old.remote_id, "lan-anh", "Lan Anh", "Hỏi bài cũ")
    [found] = (await inbox.fetch(bench.session, [new.remote_id], "")).messages
    assert (found.kind, found.text) == ("mention", "Hỏi bài cũ")


async def test_more_than_a_page_since_the_cursor_is_read_whole(at_work: AtWork, duty: Duty) -> None:
    late = timedelta(0)
    bench = await at_work("x", platform=Platform(clock=lambda: clock.now() + late))
    post = await posted(bench.session, duty("post", "Mở cửa"))
    bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "Câu đầu")
    first = await inbox.fetch(bench.session, [post.remote_id], "")
    late = timedelta(minutes=20)
    for number in range(230):
        bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", f"Câu {number}")
    second = await inbox.fetch(bench.session, [post.remote_id], first.cursor)
    assert [m.text for m in second.messages] == ["Câu đầu", *(f"Câu {number}" for number in range(230))]
    third = await inbox.fetch(bench.session, [post.remote_id], second.cursor)
    assert {m.remote_id for m in third.messages} <= {m.remote_id for m in second.messages}


async def test_a_first_look_pays_for_one_page_only(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    for number in range(130):
        bench.platform.mention(bench.session.remote_id, "lan-anh", "Lan Anh", f"Câu {number}")
    page = await inbox.fetch(bench.session, [], "")
    assert len(page.messages) == 100
    assert page.messages[-1].text.endswith("Câu 129")


async def test_a_torn_cursor_begins_anew(at_work: AtWork) -> None:
    bench = await at_work("x")
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Chào")
    for cursor in ("{", "[]", "null", '{"mentions": null}'):
        assert len((await inbox.fetch(bench.session, [], cursor)).messages) == 1


async def test_messages_are_read_once_both_ways(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("x")
    bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", "Còn bàn không?")
    first = await inbox.fetch(bench.session, [], "")
    [asked] = first.messages
    assert (asked.kind, asked.text, asked.own, asked.can_reply) == ("message", "Còn bàn không?", False, True)
    answer = duty("message", "Dạ còn ạ", reply_to=asked.remote_id, root=asked.thread)
    sent = await posted(bench.session, answer)
    assert sent.url.endswith(f"/messages/{asked.thread}")
    second = await inbox.fetch(bench.session, [], first.cursor)
    assert [(m.text, m.own, m.remote_id) for m in second.messages] == [("Dạ còn ạ", True, sent.remote_id)]
    third = await inbox.fetch(bench.session, [], second.cursor)
    assert third.messages == []


async def test_many_messages_since_the_cursor_are_all_read(at_work: AtWork) -> None:
    bench = await at_work("x")
    bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", "Đầu")
    first = await inbox.fetch(bench.session, [], "")
    for number in range(45):
        bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", f"Tin {number}")
    second = await inbox.fetch(bench.session, [], first.cursor)
    assert [m.text for m in second.messages] == [f"Tin {number}" for number in range(45)]


async def test_a_message_whose_answer_is_lost_is_found_and_an_older_one_is_not_taken_for_it(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("x")
    bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", "Còn bàn không?")
    [asked] = (await inbox.fetch(bench.session, [], "")).messages
    for _ in range(2):
        answer = duty("message", "Dạ còn ạ", reply_to=asked.remote_id, root=asked.thread)
        first = await publishing.publish(bench.session, answer)
        assert isinstance(first, Processing)
        answer = replace(answer, handle=first.handle)
        assert await publishing.look_up(bench.session, answer) is None
        bench.faults.next(Fault("drop_after", at="store"))
        with pytest.raises(Ambiguous):
            await publishing.follow(bench.session, answer)
        found = await publishing.look_up(bench.session, answer)
        assert isinstance(found, Published)
        assert messages.is_one(found.remote_id)
    await publishing.withdraw(bench.session, found.remote_id)
    assert found.remote_id not in bench.platform.items
    await publishing.withdraw(bench.session, found.remote_id)


async def test_messages_that_may_not_be_read_now_hold_up_nothing_else(at_work: AtWork) -> None:
    bench = await at_work("x")
    bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", "Một")
    first = await inbox.fetch(bench.session, [], "")
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Chào")
    bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", "Hai")
    ends = int(clock.now().timestamp()) + 500
    bench.platform.memory["windows"]["hien-ca-phe read messages"] = {"ends": ends, "used": 15}
    page = await inbox.fetch(bench.session, [], first.cursor)
    assert [m.kind for m in page.messages] == ["mention"]
    assert json.loads(page.cursor)["messages"] == json.loads(first.cursor)["messages"]
    bench.platform.memory["windows"].clear()
    later = await inbox.fetch(bench.session, [], page.cursor)
    assert [m.text for m in later.messages if m.kind == "message"] == ["Hai"]
    bench.faults.always(Fault("down"))
    with pytest.raises(RetryLater):
        await inbox.fetch(bench.session, [], page.cursor)


async def test_an_account_connected_without_its_messages_neither_reads_nor_sends_them(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("x", messages="no")
    assert bench.connected.capabilities["messages"] == "messages_not_asked"
    bench.platform.message(bench.session.remote_id, "lan-anh", "Lan Anh", "Có ai không?")
    assert (await inbox.fetch(bench.session, [], "")).messages == []
    assert not [seen for seen in bench.faults.seen if "/dm_" in seen.path]
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("message", "Có", root="1-2"))
    assert caught.value.reason == "messages_not_asked"


@pytest.mark.parametrize("root", ["", "../users/me", "abc", "1-2-3"])
async def test_what_is_no_talk_goes_into_no_path(at_work: AtWork, duty: Duty, root: str) -> None:
    bench = await at_work("x")
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("message", "Có", root=root))
    assert caught.value.field == "reply_to"


async def test_deeds_on_what_is_gone_say_so(at_work: AtWork) -> None:
    bench = await at_work("x")
    with pytest.raises(Rejected) as caught:
        await moderation.hide(bench.session, "1346889436626259968", True)
    assert caught.value.reason == "gone"
    with pytest.raises(Rejected) as caught:
        await moderation.like(bench.session, "1346889436626259968", False)
    assert caught.value.reason == "gone"


async def test_nobody_hides_an_answer_under_anothers_post(at_work: AtWork) -> None:
    bench = await at_work("x")
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Chào")
    [mention] = (await inbox.fetch(bench.session, [], "")).messages
    with pytest.raises(Rejected) as caught:
        await moderation.hide(bench.session, mention.remote_id, True)
    assert caught.value.reason == "refused"
    await moderation.like(bench.session, mention.remote_id, True)
