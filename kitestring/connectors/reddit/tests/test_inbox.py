"""What comes in: trees with branches left out, answers, mentions, messages; numbers, health, the ten minutes' window."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater
from kitestring.connectors.reddit import diagnostics, inbox, metrics, moderation, publishing, tree
from kitestring.connectors.reddit.client import api
from kitestring.connectors.reddit.emulated.shown import AT_TOP, DEEP

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
Opened = Callable[..., Awaitable[tuple[Any, str]]]


async def sent(session: Session, outgoing: Outgoing) -> Published:
    outcome = await publishing.publish(session, outgoing)
    assert isinstance(outcome, Processing)
    done = await publishing.follow(session, replace(outgoing, handle=outcome.handle))
    assert isinstance(done, Published)
    return done


@pytest.fixture
def opened(at_work: AtWork, duty: Duty) -> Opened:
    """An account at work with one post."""

    async def open_(place: str = "tea") -> tuple[Any, str]:
        bench = await at_work("reddit")
        done = await sent(bench.session, duty("text", "Mở cửa", title="Quán", options={"subreddit": place}))
        return bench, done.remote_id

    return open_


async def test_branches_that_reddit_leaves_out_are_fetched(opened: Opened) -> None:
    bench, post = await opened()
    for number in range(AT_TOP * 3 + 7):
        bench.platform.comment(post, f"khach-{number}", "Khách", f"Lời {number}")
    found = await tree.comments(api(bench.session), post)
    assert len(found) == len({row["name"] for row in found}) == AT_TOP * 3 + 7
    assert any("/api/morechildren" in seen.path for seen in bench.faults.seen)


async def test_a_talk_that_goes_deep_is_followed_down(opened: Opened) -> None:
    bench, post = await opened()
    above = post
    for number in range(DEEP * 2 + 1):
        above = bench.platform.comment(above, f"khach-{number}", "Khách", f"Tầng {number}").id
    found = await tree.comments(api(bench.session), post)
    assert sorted(row["body"] for row in found) == sorted(f"Tầng {number}" for number in range(DEEP * 2 + 1))


async def test_a_comment_says_who_where_and_what_it_answers(opened: Opened) -> None:
    bench, post = await opened()
    first = bench.platform.comment(post, "lan-anh", "Lan Anh", "Mấy giờ mở cửa? <b>&amp;</b>")
    bench.platform.comment(first.id, "minh", "Minh", "Tôi cũng hỏi")
    page = await inbox.fetch(bench.session, [post], "")
    asked, further = page.messages
    assert (asked.text, asked.parent_id, asked.post_remote_id) == ("Mấy giờ mở cửa? <b>&amp;</b>", "", post)
    assert (asked.author_name, asked.author_handle) == ("lan_anh", "u/lan_anh")
    assert further.parent_id == asked.remote_id
    assert asked.url.endswith(f"/comments/{post[3:]}/post/{asked.remote_id[3:]}/")


async def test_a_post_without_news_is_not_read_again(opened: Opened) -> None:
    bench, post = await opened()
    bench.platform.comment(post, "lan-anh", "Lan Anh", "Mấy giờ?")
    first = await inbox.fetch(bench.session, [post], "")
    before = sum(seen.path.startswith("/comments/") for seen in bench.faults.seen)
    assert before == 1
    await inbox.fetch(bench.session, [post], first.cursor)
    assert sum(seen.path.startswith("/comments/") for seen in bench.faults.seen) == before
    assert json.loads(first.cursor)["posts"][post][0] == 1


async def test_an_answer_goes_under_its_comment_and_a_message_into_its_talk(
    opened: Opened, duty: Duty
) -> None:
    bench, post = await opened()
    comment = bench.platform.comment(post, "lan-anh", "Lan Anh", "Mấy giờ?")
    bench.platform.message(bench.session.remote_id, "minh", "Minh", "Còn bàn không?")
    page = await inbox.fetch(bench.session, [post], "")
    asked, private = sorted(page.messages, key=lambda one: one.kind)
    done = await sent(bench.session, duty("reply", "Bảy giờ", reply_to=asked.remote_id, root=post))
    assert bench.platform.items[done.remote_id].parent == comment.id
    message = duty("message", "Dạ còn", reply_to=private.remote_id, root=private.thread)
    done = await sent(bench.session, message)
    assert (done.url, bench.platform.items[done.remote_id].root) == ("", "minh")
    again = await inbox.fetch(bench.session, [post], page.cursor)
    assert [one.text for one in again.messages if one.own] == ["Bảy giờ"]


async def test_a_mention_stands_for_itself(opened: Opened) -> None:
    bench, post = await opened()
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Hỏi u/hien_ca_phe đi")
    [found] = (await inbox.fetch(bench.session, [post], "")).messages
    assert (found.kind, found.text) == ("mention", "Hỏi u/hien_ca_phe đi")
    assert found.post_remote_id == found.remote_id


async def test_comments_come_in_where_reddit_tells_no_messages(opened: Opened, duty: Duty) -> None:
    bench, post = await opened()
    bench.platform.memory["reddit"]["no_messages"] = True
    bench.platform.comment(post, "lan-anh", "Lan Anh", "Mấy giờ?")
    [found] = (await inbox.fetch(bench.session, [post], "")).messages
    assert found.kind == "comment"
    told = [one.reason for one in (await diagnostics.examine(bench.session)).findings]
    assert told == ["health_good", "messages_closed"]
    with pytest.raises(Rejected) as raised:
        await publishing.publish(bench.session, duty("message", "Dạ", reply_to="t4_1", root="t4_1"))
    assert raised.value.reason == "messages_closed"


async def test_without_the_right_messages_are_left_alone(opened: Opened) -> None:
    bench, post = await opened()
    less = tuple(one for one in bench.session.grant.scopes if one not in ("privatemessages", "modposts"))
    session = replace(bench.session, grant=replace(bench.session.grant, scopes=less))
    await inbox.fetch(session, [post], "")
    assert not any(seen.path.startswith("/message/inbox") for seen in bench.faults.seen)
    with pytest.raises(GrantExpired):
        await moderation.remove(session, "t1_1")


async def test_only_a_moderator_takes_a_comment_away(opened: Opened) -> None:
    bench, post = await opened("other_place")
    bench.platform.comment(post, "lan-anh", "Lan Anh", "Mấy giờ?")
    [asked] = (await inbox.fetch(bench.session, [post], "")).messages
    with pytest.raises(Rejected) as raised:
        await moderation.remove(bench.session, asked.remote_id)
    assert raised.value.reason == "not_moderator"
    assert bench.power.deeds() == ("remove",)


async def test_a_suspended_account_is_told(opened: Opened) -> None:
    bench, _ = await opened()
    bench.platform.memory["reddit"]["suspended"] = True
    bad = [one.reason for one in (await diagnostics.examine(bench.session)).findings if one.state == "bad"]
    assert bad == ["suspended"]


async def test_numbers_of_a_hundred_posts_at_a_call(opened: Opened) -> None:
    bench, post = await opened()
    bench.platform.count(post, "likes", 12)
    before = len(bench.faults.seen)
    readings = await metrics.read(bench.session, [post, *[f"t3_gone{number}" for number in range(150)]])
    assert len(bench.faults.seen) - before == 2
    assert [(one.metric, one.value) for one in readings[:3]] == [
        ("likes", 12),
        ("replies", 0),
        ("reposts", 0),
    ]
    assert {one.why for one in readings[3:]} == {"not_there"}


async def test_a_used_up_window_says_when_it_ends(opened: Opened) -> None:
    bench, post = await opened()
    [window] = bench.platform.memory["reddit"]["calls"].values()
    window[1] = 1000
    with pytest.raises(RetryLater) as raised:
        await metrics.read(bench.session, [post])
    assert raised.value.reason == "busy"
    assert 500 < (raised.value.after or 0) <= 600


async def test_posts_that_are_not_asked_about_are_remembered_to_a_bound(at_work: AtWork) -> None:
    there = await at_work("reddit")
    before = {f"t3_{n}": [5, 1_700_000_000 + n] for n in range(inbox.REMEMBERED + 3)}
    page = await inbox.fetch(there.session, ["t3_0"], json.dumps({"posts": before, "inbox": 0}))
    kept = json.loads(page.cursor)["posts"]
    assert kept["t3_0"] == before["t3_0"]
    assert list(kept)[-1] == "t3_0"
    assert set(before) - set(kept) == {"t3_1", "t3_2"}
    assert all(kept[post] == before[post] for post in kept)
