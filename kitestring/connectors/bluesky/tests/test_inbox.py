"""Reading threads and counts in the sizes they come in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from kitestring.connectorkit.contract import Outgoing, Published
from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.bluesky import inbox, metrics, publishing
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def a_post(bench: Any, duty: Duty, text: str = "Chào") -> str:
    done = await publishing.publish(bench.session, duty("post", text))
    assert isinstance(done, Published)
    return done.remote_id


async def test_answers_at_any_depth_come_in_oldest_first(at_work: AtWork, duty: Duty) -> None:
    late = timedelta(0)
    bench = await at_work("bluesky", platform=Platform(clock=lambda: clock.now() + late))
    post = await a_post(bench, duty)
    late = timedelta(minutes=1)
    first = bench.platform.comment(post, "lan", "Lan", "một")
    late = timedelta(minutes=2)
    second = bench.platform.comment(first.id, "minh", "Minh", "hai")
    late = timedelta(minutes=3)
    bench.platform.comment(second.id, "lan", "Lan", "ba")
    page = await inbox.fetch(bench.session, [post], "")
    assert [m.text for m in page.messages] == ["một", "hai", "ba"]
    assert page.messages[1].parent_id == page.messages[0].remote_id
    assert {m.post_remote_id for m in page.messages} == {post}


async def test_a_late_joined_post_brings_all_its_answers(at_work: AtWork, duty: Duty) -> None:
    late = timedelta(0)
    bench = await at_work("bluesky", platform=Platform(clock=lambda: clock.now() + late))
    old, new = await a_post(bench, duty, "cũ"), await a_post(bench, duty, "mới")
    bench.platform.comment(new, "lan", "Lan", "trước")
    late = timedelta(hours=1)
    bench.platform.comment(old, "minh", "Minh", "sau")
    first = await inbox.fetch(bench.session, [old], "")
    second = await inbox.fetch(bench.session, [old, new], first.cursor)
    assert "trước" in [m.text for m in second.messages]


async def test_a_broken_cursor_and_a_post_that_is_gone_do_no_harm(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    post = await a_post(bench, duty)
    bench.platform.comment(post, "lan", "Lan", "một")
    gone = f"at://{bench.session.remote_id}/app.bsky.feed.post/3kaaaaaaaaaa2"
    for cursor in ("", "not json", "[]"):
        page = await inbox.fetch(bench.session, [gone, post], cursor)
        assert [m.text for m in page.messages] == ["một"]


async def test_many_posts_are_asked_for_twenty_five_at_a_time(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    posts = [await a_post(bench, duty, f"số {n}") for n in range(30)]
    bench.platform.count(posts[-1], "likes", 7)
    bench.faults.seen.clear()
    readings = await metrics.read(bench.session, posts)
    assert [seen.path.count("uris=") for seen in bench.faults.seen] == [25, 5]
    assert {(r.metric, r.value) for r in readings if r.remote_id == posts[-1]} >= {("likes", 7.0)}
    assert len(readings) == 30 * 4
