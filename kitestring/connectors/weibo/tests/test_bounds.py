"""However much comes in between two looks: each look is bounded, nothing is lost, everything comes in once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.emulation import Platform
from kitestring.connectors.weibo import inbox, lists
from kitestring.connectors.weibo.client import MANIFEST
from kitestring.connectors.weibo.tests.test_publish import TEXT, through
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


@pytest.fixture(autouse=True)
def shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bounds with less to do."""
    monkeypatch.setattr(lists, "PAGE", 10)
    monkeypatch.setattr(lists, "MOST", 3)


@pytest.fixture
def later() -> Iterator[Callable[..., None]]:
    """Move the clock on, else by the time between two looks; the emulator's is the same."""
    before, asking = clock.offset(), MANIFEST.asking
    assert asking is not None
    every = asking.every
    yield lambda **by: clock.move(clock.offset() + timedelta(**(by or {"seconds": every})))
    clock.move(before)


async def begun(at_work: AtWork, duty: Duty) -> tuple[Any, str, str]:
    """(the bench, a post with nothing below, the cursor after a first look)."""
    bench = await at_work("weibo", platform=Platform(clock=clock.now))
    post = (await through(bench.session, duty("post", TEXT))).remote_id
    return bench, post, (await inbox.fetch(bench.session, [post], "")).cursor


async def looks(bench: Any, post: str, cursor: str, later: Callable[..., None], most: int = 40) -> Any:
    """(what came in, with how often; the cursor), until nothing is left to be read."""
    came = Counter[str]()
    for _ in range(most):
        before = len(bench.faults.seen)
        page = await inbox.fetch(bench.session, [post], cursor)
        assert len(bench.faults.seen) - before <= 3 * lists.MOST
        came.update(one.text for one in page.messages)
        cursor = page.cursor
        told = json.loads(cursor)
        if not page.messages and not any(told[name].get("gaps") for name in told if "/" in name):
            return came, cursor
        later(minutes=10)
    raise AssertionError(f"after {most} looks something comes in still")


def write(bench: Any, post: str, words: str, count: int) -> set[str]:
    texts = {f"{words}{n}" for n in range(count)}
    for text in texts:
        bench.platform.comment(post, f"khach-{text}", "Khách", text)
    return texts


async def test_more_than_the_bound_comes_in_once(
    at_work: AtWork, duty: Duty, later: Callable[..., None]
) -> None:
    bench, post, cursor = await begun(at_work, duty)
    wanted = write(bench, post, "甲", lists.PAGE * lists.MOST + 25)
    page = await inbox.fetch(bench.session, [post], cursor)
    assert len(page.messages) == lists.PAGE * lists.MOST
    later()
    # On top of what is not read yet more than a look reads comes in again, and again.
    wanted |= write(bench, post, "乙", lists.PAGE * lists.MOST + 7)
    second = await inbox.fetch(bench.session, [post], page.cursor)
    later()
    wanted |= write(bench, post, "丙", 4)
    came, cursor = await looks(bench, post, second.cursor, later)
    came.update(one.text for one in (*page.messages, *second.messages))
    assert set(came) == wanted
    assert set(came.values()) == {1}
    later(hours=1)
    wanted = write(bench, post, "丁", 3)
    came, cursor = await looks(bench, post, cursor, later)
    assert (set(came), set(came.values())) == (wanted, {1})
    later(hours=1)
    told = json.loads((await inbox.fetch(bench.session, [post], cursor)).cursor)["comments/to_me"]
    assert (told["gaps"], told["seen"]) == ([], [])


async def test_one_held_back_amid_many_still_comes_in(
    at_work: AtWork, duty: Duty, later: Callable[..., None]
) -> None:
    bench, post, cursor = await begun(at_work, duty)
    wanted = write(bench, post, "甲", lists.PAGE * lists.MOST)
    held = bench.platform.comment(post, "lan-anh", "Lan Anh", "审核中")
    held.visible = False
    wanted |= write(bench, post, "乙", 15)
    page = await inbox.fetch(bench.session, [post], cursor)
    later(minutes=5)
    held.visible = True
    came, _ = await looks(bench, post, page.cursor, later)
    came.update(one.text for one in page.messages)
    assert set(came) == {*wanted, "审核中"}
    assert set(came.values()) == {1}


async def test_what_came_after_a_first_look_that_found_nothing_is_not_its_history(
    at_work: AtWork, duty: Duty, later: Callable[..., None]
) -> None:
    bench, post, cursor = await begun(at_work, duty)
    later()
    wanted = write(bench, post, "甲", lists.PAGE * (lists.FIRST + 4))
    came, _ = await looks(bench, post, cursor, later)
    assert (set(came), set(came.values())) == (wanted, {1})


async def test_a_first_look_goes_no_further_down_than_it_did(
    at_work: AtWork, duty: Duty, later: Callable[..., None]
) -> None:
    bench = await at_work("weibo", platform=Platform(clock=clock.now))
    post = (await through(bench.session, duty("post", TEXT))).remote_id
    write(bench, post, "旧", lists.PAGE * (lists.FIRST + 2))
    page = await inbox.fetch(bench.session, [post], "")
    assert len(page.messages) == lists.PAGE * lists.FIRST
    later()
    wanted = write(bench, post, "新", 3)
    came, _ = await looks(bench, post, page.cursor, later)
    assert (set(came), set(came.values())) == (wanted, {1})


async def test_an_older_cursor_reads_on(at_work: AtWork, duty: Duty, later: Callable[..., None]) -> None:
    bench, post, _ = await begun(at_work, duty)
    write(bench, post, "甲", 2)
    numbers = [row.remote_id for row in (await inbox.fetch(bench.session, [post], "")).messages]
    newest = max(int(one.partition("_")[2]) for one in numbers)
    old = json.dumps({"comments/to_me": {"after": newest, "new": newest}, "quiet": 0, "asked": ""})
    later()
    wanted = write(bench, post, "乙", 4)
    came, _ = await looks(bench, post, old, later)
    assert (set(came), set(came.values())) == (wanted, {1})
