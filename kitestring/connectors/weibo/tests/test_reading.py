"""What comes in and how often it is asked for; numbers; other people's comments; health."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.weibo import diagnostics, inbox, metrics, moderation
from kitestring.connectors.weibo.client import MANIFEST
from kitestring.connectors.weibo.tests.test_publish import TEXT, share, through
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


@pytest.fixture
def time_moves() -> Iterator[Callable[..., None]]:
    """Move our clock on; the emulator's is the same."""
    before = clock.offset()
    yield lambda **by: clock.move(clock.offset() + timedelta(**by))
    clock.move(before)


async def test_a_quiet_account_is_asked_less_often(
    at_work: AtWork, duty: Duty, time_moves: Callable[..., None]
) -> None:
    bench = await share(at_work)
    post = await through(bench.session, duty("share", TEXT))
    cursor, asked = "", len(bench.faults.seen)
    calls = []
    asking = MANIFEST.asking
    assert asking is not None
    for _ in range(6 * 3600 // int(asking.every)):
        cursor = (await inbox.fetch(bench.session, [post.remote_id], cursor)).cursor
        calls.append(len(bench.faults.seen) - asked)
        time_moves(seconds=asking.every)
    assert calls[:3] == [3, 6, 9]
    assert calls[-1] <= 3 * 16, "six hours of silence cost too many calls"
    bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "几点开门？")
    time_moves(minutes=31)
    page = await inbox.fetch(bench.session, [post.remote_id], cursor)
    assert [one.text for one in page.messages] == ["几点开门？"]
    assert json.loads(page.cursor)["quiet"] == 0


async def test_what_was_held_back_for_a_while_still_comes_in(
    at_work: AtWork, duty: Duty, time_moves: Callable[..., None]
) -> None:
    bench = await share(at_work)
    post = await through(bench.session, duty("share", TEXT))
    held = bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "审核中")
    held.visible = False
    bench.platform.comment(post.remote_id, "minh", "Minh", "先到")
    first = await inbox.fetch(bench.session, [post.remote_id], "")
    assert [one.text for one in first.messages] == ["先到"]
    time_moves(minutes=5)
    held.visible = True
    second = await inbox.fetch(bench.session, [post.remote_id], first.cursor)
    assert "审核中" in [one.text for one in second.messages]
    time_moves(minutes=20)
    third = await inbox.fetch(bench.session, [post.remote_id], second.cursor)
    time_moves(minutes=20)
    fourth = await inbox.fetch(bench.session, [post.remote_id], third.cursor)
    assert not fourth.messages


async def test_more_than_fifty_are_read_page_by_page(
    at_work: AtWork, duty: Duty, time_moves: Callable[..., None]
) -> None:
    bench = await at_work("weibo")
    post = await through(bench.session, duty("post", TEXT))
    bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "一")
    time_moves(minutes=11)
    first = await inbox.fetch(bench.session, [post.remote_id], "")
    for number in range(121):
        bench.platform.comment(post.remote_id, f"khach-{number}", "Khách", f"第{number}个")
    page = await inbox.fetch(bench.session, [post.remote_id], first.cursor)
    assert len(page.messages) == 121


async def test_only_comments_on_our_posts_come_in_and_answers_know_their_parent(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await share(at_work)
    post = await through(bench.session, duty("share", TEXT))
    other = await through(bench.session, duty("share", f"{TEXT} 2"))
    first = bench.platform.comment(post.remote_id, "lan-anh", "Lan Anh", "几点？")
    bench.platform.comment(first.id, "minh", "Minh", "七点")
    bench.platform.comment(other.remote_id, "ha", "Hà", "别处")
    messages = list((await inbox.fetch(bench.session, [post.remote_id], "")).messages)
    assert [one.text for one in messages] == ["几点？", "七点"]
    assert messages[1].parent_id == messages[0].remote_id
    assert {one.url for one in messages} == {post.url}


async def test_who_names_us_in_a_post_or_a_comment_elsewhere(at_work: AtWork, duty: Duty) -> None:
    bench = await share(at_work)
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "快来 @hien-ca-phe")
    [named] = (await inbox.fetch(bench.session, [], "")).messages
    assert (named.kind, named.remote_id) == ("mention", named.post_remote_id)
    bench.platform.comment(named.remote_id, "ha", "Hà", "@hien-ca-phe 看")
    found = (await inbox.fetch(bench.session, [], "")).messages
    assert {(one.kind, one.remote_id.count("_")) for one in found} == {("mention", 0), ("mention", 1)}
    bench.platform.memory["no_mentions"] = True
    page = await inbox.fetch(bench.session, [], "")
    assert not page.messages
    asked = len(bench.faults.seen)
    await inbox.fetch(bench.session, [], page.cursor)
    assert len(bench.faults.seen) - asked == 1, "what is not allowed is asked for again at once"


async def test_odd_cursors_begin_anew(at_work: AtWork) -> None:
    bench = await share(at_work)
    for cursor in (
        "123",
        "[]",
        "{",
        '{"asked": 7, "quiet": 9}',
        '{"asked": "2026-01-01T00:00:00", "quiet": 9}',
    ):
        assert json.loads((await inbox.fetch(bench.session, [], cursor)).cursor)["asked"]


async def test_other_peoples_comments_stay_on_the_open_interface(at_work: AtWork, duty: Duty) -> None:
    for what, kind in (("share", "share"), ("commercial", "post")):
        bench = await at_work("weibo", what=what)
        post = await through(bench.session, duty(kind, TEXT))
        theirs = bench.platform.comment(post.remote_id, "spam", "Spam", "点这里")
        deed = moderation.remove(bench.session, f"{post.remote_id}_{theirs.id}")
        if what == "share":
            with pytest.raises(Rejected) as caught:
                await deed
            assert caught.value.reason == "others_stay"
            assert theirs.id in bench.platform.items
        else:
            await deed
            assert theirs.id not in bench.platform.items


async def test_a_hundred_posts_are_one_call(at_work: AtWork) -> None:
    bench = await share(at_work)
    asked = len(bench.faults.seen)
    readings = await metrics.read(bench.session, [*(str(number) for number in range(1, 151)), "post-odd"])
    assert len(readings) == 151 * len(MANIFEST.metrics)
    assert {one.why for one in readings} == {"not_there"}
    assert len(bench.faults.seen) - asked == 2


async def test_health_tells_the_end_the_clause_and_the_scarce(
    at_work: AtWork, duty: Duty, time_moves: Callable[..., None]
) -> None:
    bench = await share(at_work)
    await through(bench.session, duty("share", TEXT))
    found = await diagnostics.examine(bench.session)
    assert [(one.state, one.reason) for one in found.findings] == [("warning", "storage_clause")]
    assert found.left == {"posts": 29}
    time_moves(days=5, hours=2)
    bench.platform.memory["calls_left"] = 12
    found = await diagnostics.examine(bench.session)
    assert [one.reason for one in found.findings] == ["ends_soon", "calls_scarce", "storage_clause"]
    assert found.findings[1].params == {"left": 12, "most": 150}
    bare = replace(bench.session, app={"client_id": "another"}, settings={"rip": "211.156.0.1"})
    reasons = [one.reason for one in (await diagnostics.examine(bare)).findings if one.state == "bad"]
    assert reasons == ["other_app", "domain_needed"]
    bench.faults.next(Fault("retired"))
    [bad] = (await diagnostics.examine(bench.session)).findings
    assert (bad.state, bad.reason) == ("bad", "version_retired")
    time_moves(days=3)
    [bad] = (await diagnostics.examine(bench.session)).findings
    assert (bad.state, bad.reason) == ("bad", "grant_expired")
