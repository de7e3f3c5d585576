"""However much comes in between two looks: each look is bounded, nothing is lost, everything comes in once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.mastodon import inbox, notices, publishing, talks, threads
from kitestring.connectors.mastodon.client import MANIFEST
from kitestring.connectors.mastodon.reading import MOST_KNOWN, is_new, reached
from kitestring.connectors.mastodon.walking import Row, walk
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]
LOOK = 75  # calls of one look at most


@pytest.fixture
def later() -> Iterator[Callable[[], None]]:
    """Move the clock on by the time between two looks; the emulator's is the same."""
    before, asking = clock.offset(), MANIFEST.asking
    assert asking is not None
    yield lambda: clock.move(clock.offset() + timedelta(seconds=asking.every))
    clock.move(before)


async def looks(bench: Any, posts: list[str], cursor: str, later: Callable[[], None], most: int) -> Any:
    """(everything that came in, by id and kind, with how often; the cursor), until two looks bring nothing."""
    came, quiet = Counter[tuple[str, str]](), 0
    for _ in range(most):
        before = len(bench.faults.seen)
        page = await inbox.fetch(bench.session, posts, cursor)
        assert len(bench.faults.seen) - before <= LOOK
        came.update((one.kind, one.remote_id) for one in page.messages)
        cursor, quiet = page.cursor, 0 if page.messages else quiet + 1
        if quiet == 2:
            return came, cursor
        later()
    raise AssertionError(f"after {most} looks something comes in still")


def of(kind: str, came: Counter[tuple[str, str]]) -> set[str]:
    return {number for sort, number in came if sort == kind}


async def test_more_mentions_than_one_look_reads(
    at_work: AtWork, later: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "PAGES", 2)  # the same with less to do
    bench = await at_work("mastodon", platform=Platform(clock=clock.now))
    us = bench.session.remote_id
    most = notices.PAGE * notices.PAGES
    wanted = {bench.platform.mention(us, f"a{n}", "A", f"Chào {n}").id for n in range(most + 130)}
    came, cursor = await looks(bench, [], "", later, 20)
    assert of("mention", came) == wanted
    # Once more, and while that is read on more comes in on top of it.
    second = {bench.platform.mention(us, f"b{n}", "B", f"Lại {n}").id for n in range(most + 50)}
    page = await inbox.fetch(bench.session, [], cursor)
    assert json.loads(page.cursor)["notices"]["gaps"]
    later()
    second |= {bench.platform.mention(us, f"c{n}", "C", f"Nữa {n}").id for n in range(most + 50)}
    again, _ = await looks(bench, [], page.cursor, later, 20)
    again.update((one.kind, one.remote_id) for one in page.messages)
    assert of("mention", again) == second
    assert set((came + again).values()) == {1}


async def test_more_talks_than_one_look_reads_also_while_they_go_on(
    at_work: AtWork, later: Callable[[], None]
) -> None:
    bench = await at_work("mastodon", platform=Platform(clock=clock.now))
    us, many = bench.session.remote_id, talks.PAGE * talks.PAGES + 15
    first = {bench.platform.message(us, f"k{n}", "K", f"Hỏi {n}").id for n in range(many)}
    page = await inbox.fetch(bench.session, [], "")
    assert len(page.messages) == talks.TALKS
    assert json.loads(page.cursor)["talks"]["gaps"]
    later()
    # Of those that wait, some are written to again: they move up, and their first words are still unread.
    first |= {bench.platform.message(us, f"k{n}", "K", f"Alo {n}").id for n in range(0, many, 7)}
    came, cursor = await looks(bench, [], page.cursor, later, 40)
    came.update((one.kind, one.remote_id) for one in page.messages)
    assert of("message", came) == first
    assert set(came.values()) == {1}
    clock.move(clock.offset() + timedelta(days=4))
    new = bench.platform.message(us, "k3", "K", "Tuần sau").id
    page = await inbox.fetch(bench.session, [], cursor)
    assert [one.remote_id for one in page.messages] == [new]
    assert len(json.loads(page.cursor)["talks"]["of"]) == 1, "talks long over are kept in mind"


async def test_two_hundred_posts_with_answers_keep_to_the_quota(
    at_work: AtWork, duty: Duty, later: Callable[[], None]
) -> None:
    bench = await at_work("mastodon", platform=Platform(clock=clock.now))
    pace = MANIFEST.pace
    assert pace is not None
    posts = [
        (await publishing.publish(bench.session, duty("post", f"Bài {n}"))).remote_id for n in range(200)
    ]
    wanted = {bench.platform.comment(post, "lan", "Lan", "Hay").id for post in posts}
    came, cursor = await looks(bench, posts, "", later, 40)
    assert of("comment", came) == wanted
    assert set(came.values()) == {1}
    while json.loads(cursor)["due"]:
        cursor = (await inbox.fetch(bench.session, posts, cursor)).cursor
    # At rest: all looks that fit into the quota's time.
    before = len(bench.faults.seen)
    for _ in range(3):
        cursor = (await inbox.fetch(bench.session, posts, cursor)).cursor
        later()
    assert len(bench.faults.seen) - before <= 60
    # Answers under every post within two minutes: each comes in at the very next look, by what one call told of it.
    wanted = {bench.platform.comment(post, "minh", "Minh", "Ngon").id for post in posts}
    before = len(bench.faults.seen)
    page = await inbox.fetch(bench.session, posts, cursor)
    assert {one.remote_id for one in page.messages} == wanted
    assert {one.kind for one in page.messages} == {"comment"}
    cursor = page.cursor
    for _ in range(2):
        page = await inbox.fetch(bench.session, posts, cursor)
        assert not page.messages
        cursor = page.cursor
    assert len(bench.faults.seen) - before <= 120 < pace.calls


async def test_what_nobody_tells_of_comes_in_by_turns(
    at_work: AtWork, duty: Duty, later: Callable[[], None]
) -> None:
    bench = await at_work("mastodon", platform=Platform(clock=clock.now))
    posts = [(await publishing.publish(bench.session, duty("post", f"Bài {n}"))).remote_id for n in range(30)]
    firsts = [bench.platform.comment(post, "lan", "Lan", "Hay") for post in posts]
    _, cursor = await looks(bench, posts, "", later, 10)
    # An answer to somebody's answer that names us nowhere: no notification, and the post's own count stays.
    deep = {bench.platform.comment(one.id, "minh", "Minh", "Ừ").id for one in firsts}
    came, _ = await looks(bench, posts, cursor, later, 15)
    assert of("comment", came) == deep
    assert set(came.values()) == {1}


async def test_a_server_that_tells_no_counts_is_read_by_turns(
    at_work: AtWork, duty: Duty, later: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await at_work("mastodon", platform=Platform(clock=clock.now))
    bench.platform.memory["before_4_3"] = True
    bench.platform.memory["scopes"] = {"hien-ca-phe": ["read:accounts", "read:statuses", "write"]}
    posts = [(await publishing.publish(bench.session, duty("post", f"Bài {n}"))).remote_id for n in range(40)]
    wanted = {bench.platform.comment(post, "lan", "Lan", "Hay").id for post in posts}
    cursor, came = "", Counter[str]()
    for _ in range(len(posts) // threads.TURNS + 1):
        before = len(bench.faults.seen)
        page = await inbox.fetch(bench.session, posts, cursor)
        assert len(bench.faults.seen) - before <= threads.TURNS + 4
        came.update(one.remote_id for one in page.messages)
        cursor = page.cursor
        later()
    assert (set(came), set(came.values())) == (wanted, {1})


async def test_an_answer_in_a_thread_not_read_yet_is_asked_about(
    at_work: AtWork, duty: Duty, later: Callable[[], None]
) -> None:
    bench = await at_work("mastodon", platform=Platform(clock=clock.now))
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    us = bench.session.remote_id
    other = bench.platform.mention("nobody", "ha", "Hà", "Chuyện khác")
    strange = {}
    for number in range(inbox.ASKS + 5):
        item = bench.platform.comment(other.id, f"b{number}", "B", f"Ghé @hien_ca_phe {number}")
        item.extra["of"] = us
        strange[item.id] = "mention"
    first = bench.platform.comment(post, "lan", "Lan", "Mấy giờ?")
    came, _ = await looks(bench, [post], "", later, 10)
    assert {number: kind for kind, number in came} == {**strange, first.id: "comment"}
    assert set(came.values()) == {1}


async def test_an_odd_server_that_gives_one_page_for_ever_ends_a_look() -> None:
    asked = []

    async def same(below: str) -> list[Row]:
        asked.append(below)
        return [Row("1", datetime(2026, 11, 30, tzinfo=UTC), "1", {})]

    since = datetime(2026, 11, 1, tzinfo=UTC)
    found = await walk(same, [], since=since, known=lambda row: False, pages=9)
    assert (len(found.new), len(asked), found.gaps) == (1, 2, [])


def test_of_a_thread_too_long_to_be_known_by_ids_nothing_comes_twice() -> None:
    begin = datetime(2026, 11, 30, tzinfo=UTC)
    rows: list[dict[str, Any]] = [
        {"id": str(n), "created_at": (begin + timedelta(seconds=n)).isoformat()}
        for n in range(MOST_KNOWN + 500)
    ]
    kept = reached(rows, {"to": "", "ids": []})
    assert len(kept["ids"]) == MOST_KNOWN
    assert not [row for row in rows if is_new(row, kept)]
    assert is_new({"id": "x", "created_at": (begin + timedelta(days=1)).isoformat()}, kept)
