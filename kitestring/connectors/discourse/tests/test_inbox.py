"""Answers of a long topic, private talks, mentions; each once; and few calls where nothing moved. What a webhook tells."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import RetryLater
from kitestring.connectorkit.hooks import Door, Heard
from kitestring.connectors.discourse import diagnostics, emulator, hooks, inbox, publishing
from kitestring.connectors.discourse.emulated import hooking

TITLE, TEXT = "Trà sen mùa thu", "Trà mới đã về quán, mời cả nhà ghé thử"
SECRETS = {"secret": "aB3" * 10 + "aB"}


async def topic(there: Any, duty: Any, title: str = TITLE) -> str:
    done = await publishing.publish(there.session, duty("topic", f"{TEXT}: {title}", title=title))
    return str(done.remote_id)


async def test_a_long_topic_is_read_by_the_dozen_and_each_post_once(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    post = await topic(there, duty)
    for number in range(45):
        there.platform.comment(post, f"u{number}", f"U {number}", f"Lời thứ {number}")
    page = await inbox.fetch(there.session, [post], "")
    assert [m.text for m in page.messages] == [f"Lời thứ {n}" for n in range(45)]
    assert (await inbox.fetch(there.session, [post], page.cursor)).messages == []
    there.platform.comment(post, "lan", "Lan", "Còn không?")
    asked = len(there.faults.seen)
    later = await inbox.fetch(there.session, [post], page.cursor)
    assert [m.text for m in later.messages] == ["Còn không?"]
    assert len(there.faults.seen) - asked <= 6
    asked = len(there.faults.seen)
    await inbox.fetch(there.session, [post], later.cursor)
    assert len(there.faults.seen) - asked == 3, "three lists, and no topic that did not move"


async def test_who_answers_whom_and_what_is_ours(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    post = await topic(there, duty)
    first = there.platform.comment(post, "lan", "Lan", "Giá bao nhiêu?")
    there.platform.comment(first.id, "minh", "Minh", "45k đó bạn")
    answer = duty("reply", "Dạ 45 nghìn ạ.", reply_to=f"{post}/{first.id}", root=post)
    done = await publishing.publish(there.session, answer)
    [asked, other, ours] = (await inbox.fetch(there.session, [post], "")).messages
    assert (asked.parent_id, other.parent_id, ours.parent_id) == ("", asked.remote_id, asked.remote_id)
    assert [m.own for m in (asked, other, ours)] == [False, False, True]
    assert ours.remote_id == done.remote_id
    assert asked.url == f"{there.base_url}/t/topic-{post}/{post}/2"


async def test_private_talks_and_mentions_come_once(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    me = there.session.remote_id
    there.platform.message(me, "lan-anh", "Lan Anh", "Shop còn trà không ạ?")
    there.platform.mention(me, "minh", "Minh", "Ghé @hien_ca_phe đi mọi người")
    page = await inbox.fetch(there.session, [], "")
    assert [(m.kind, m.text) for m in page.messages] == [
        ("message", "Shop còn trà không ạ?"),
        ("mention", "Ghé @hien_ca_phe đi mọi người"),
    ]
    [asked, _] = page.messages
    answer = duty("message", "Dạ còn nhiều ạ.", reply_to=asked.remote_id, root=asked.thread)
    done = await publishing.publish(there.session, answer)
    assert await publishing.look_up(there.session, answer) == replace(
        done, url=f"{there.base_url}/t/-/{asked.thread}/2"
    )
    there.platform.message(me, "lan-anh", "Lan Anh", "Cho em 2 gói")
    later = (await inbox.fetch(there.session, [], page.cursor)).messages
    assert [(m.text, m.own) for m in later] == [("Dạ còn nhiều ạ.", True), ("Cho em 2 gói", False)]


async def test_nobody_reads_the_talk_of_others(at_work: Any) -> None:
    there = await at_work("discourse")
    there.platform.message("4711@forum", "lan-anh", "Lan Anh", "Chuyện riêng của hai người")
    assert (await inbox.fetch(there.session, [], "")).messages == []


async def test_more_topics_than_one_fetch_reads_come_with_the_next(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    posts = [await topic(there, duty, f"Chủ đề số {n:02d}") for n in range(15)]
    for post in posts:
        there.platform.comment(post, "lan", "Lan", f"Hỏi ở {post}")
    first = await inbox.fetch(there.session, posts, "")
    second = await inbox.fetch(there.session, posts, first.cursor)
    assert len(first.messages) == inbox.AT_ONCE
    assert {m.post_remote_id for m in [*first.messages, *second.messages]} == set(posts)


async def test_a_call_tells_of_public_answers_only(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    post = await topic(there, duty)
    door = Door(SECRETS, there.session.remote_id, there.session.settings)
    emulator.pushes(there.platform, SECRETS)
    there.platform.comment(post, "lan", "Lan", "Mấy giờ mở cửa?")
    there.platform.message("4711@forum", "minh", "Minh", "Chuyện riêng")
    there.platform.mention(there.session.remote_id, "hoa", "Hoa", "Chủ đề mới của Hoa")
    heard = [hooks.verify(knock, door) for knock in emulator.pushes(there.platform, SECRETS)]
    assert [len(one.messages) if one else None for one in heard] == [1, 0, 0]
    assert hooks.verify(emulator.challenge(there.platform, SECRETS), door) == Heard()


@pytest.mark.parametrize(
    "change", [{"post_type": 4}, {"created_at": "soon"}, {"user_id": None}, {"topic_id": "x"}]
)
async def test_a_post_that_is_nobodys_words_or_cannot_be_read_is_none(
    at_work: Any, duty: Any, change: dict[str, Any]
) -> None:
    there = await at_work("discourse")
    post = await topic(there, duty)
    there.platform.comment(post, "lan", "Lan", "Mấy giờ mở cửa?")
    *_, knock = emulator.pushes(there.platform, SECRETS)
    told = json.loads(knock.body)
    changed = hooking.knock("post_created", "post", {"post": {**told["post"], **change}}, SECRETS["secret"])
    assert hooks.verify(changed, Door(SECRETS)) == Heard()


async def test_health_tells_of_silence_and_of_what_waits(at_work: Any, duty: Any) -> None:
    there = await at_work("discourse")
    there.platform.memory["discourse"].update({"review": True, "silenced": True})
    await publishing.publish(there.session, duty("topic", TEXT, title=TITLE))
    told = {f.reason: f for f in (await diagnostics.examine(there.session)).findings}
    assert told["silenced"].state == "bad"
    assert told["posts_wait"].params == {"count": 1}


async def test_a_busy_forum_is_waited_for_as_it_says(at_work: Any) -> None:
    there = await at_work("discourse")
    there.faults.next(Fault("busy"))
    with pytest.raises(RetryLater) as caught:
        await inbox.fetch(there.session, [], "")
    assert caught.value.after == 1, "by extras.wait_seconds, where no header says it"
