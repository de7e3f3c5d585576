"""Articles: hidden, then known, then shown; and messages that are read back."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.conftest import AtWork
from kitestring.connectors.zalo import articles, inbox, metrics, publishing
from kitestring.connectors.zalo.emulator import number
from kitestring.kit import clock

Open = Callable[..., Awaitable[AtWork]]


def shown(picture: Media, name: str = "bia") -> Media:
    return replace(picture, public_url=f"https://files.example/{name}.png")


async def to_the_end(there: AtWork, duty: Outgoing) -> tuple[Outgoing, Published]:
    outcome = await publishing.publish(there.session, duty)
    while isinstance(outcome, Processing):
        duty = replace(duty, handle=outcome.handle)
        outcome = await publishing.follow(there.session, duty)
    return duty, outcome


async def test_nothing_is_seen_before_the_last_step(
    at_work: Open, duty: Callable[..., Outgoing], picture: Callable[..., Media]
) -> None:
    there = await at_work("zalo")
    media = (shown(picture()), shown(picture("hai"), "hai"))
    one = duty(
        "article", "# Trà\n\n**Sen** <3 新茶", title="Trà sen", media=media, link="https://vidu.example"
    )
    step = await publishing.publish(there.session, one)
    assert isinstance(step, Processing)
    assert not step.handed_over
    assert not there.platform.items
    waiting = await publishing.follow(there.session, replace(one, handle=step.handle))
    assert isinstance(waiting, Processing)
    assert "id" not in json.loads(waiting.handle)
    known = await publishing.follow(there.session, replace(one, handle=waiting.handle))
    assert isinstance(known, Processing)
    assert not there.platform.items
    assert await publishing.look_up(there.session, replace(one, handle=known.handle)) is None
    done = await publishing.follow(there.session, replace(one, handle=known.handle))
    assert isinstance(done, Published)
    assert done.url == f"{there.base_url}/detail/{done.remote_id}"
    item = there.platform.items[done.remote_id]
    assert "Sen <3 新茶" in item.text
    assert "https://vidu.example" in item.text
    assert [file["id"] for file in item.media] == [
        "https://files.example/bia.png",
        "https://files.example/hai.png",
    ]
    assert await publishing.look_up(there.session, replace(one, handle=known.handle)) == done
    again = await publishing.follow(there.session, replace(one, handle=known.handle))
    assert again == done
    assert len(there.platform.items) == 1


async def test_an_answer_lost_after_it_is_live_still_gives_an_address_later(
    at_work: Open, duty: Callable[..., Outgoing], picture: Callable[..., Media]
) -> None:
    there = await at_work("zalo", timeout=2.0)
    one = duty("article", "Trà", title="Trà", media=(shown(picture()),))
    known = one
    outcome = await publishing.publish(there.session, one)
    for _ in range(2):
        assert isinstance(outcome, Processing)
        known = replace(one, handle=outcome.handle)
        outcome = await publishing.follow(there.session, known)
    assert isinstance(outcome, Processing)
    known = replace(one, handle=outcome.handle)
    assert json.loads(known.handle)["id"]
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(there.session, known)
    found = await publishing.look_up(there.session, known)
    assert isinstance(found, Published)
    with pytest.raises(Ambiguous, match="handle_lost"):
        await publishing.look_up(there.session, replace(one, restored=True))


async def test_a_picture_without_a_public_address_is_refused_before_anything_leaves(
    at_work: Open, duty: Callable[..., Outgoing], picture: Callable[..., Media]
) -> None:
    there = await at_work("zalo")
    asked = len(there.faults.seen)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, duty("article", "Trà", title="Trà", media=(picture(),)))
    assert (caught.value.field, caught.value.reason) == ("media", "needs_address")
    assert len(there.faults.seen) == asked


def test_a_summary_is_the_beginning_of_the_text_cut_between_words() -> None:
    assert articles.beginning("# Trà\n\n**Sen** 新茶") == "Trà Sen 新茶"
    long = articles.beginning("trà sen " * 100)
    assert long.endswith("sen…")
    assert len(long) <= articles.DESCRIPTION
    assert articles.beginning("茶" * 400) == "茶" * 249 + "…"


async def test_messages_are_read_once_by_pages_and_answered_in_time(
    at_work: Open, duty: Callable[..., Outgoing]
) -> None:
    there = await at_work("zalo")
    for count in range(23):
        there.platform.message(there.session.remote_id, "lan", "Lan", f"Tin {count}")
    there.platform.message(there.session.remote_id, "minh", "Minh", "几点开门？")
    page = await inbox.fetch(there.session, [], "")
    assert len(page.messages) == 24
    assert {message.thread for message in page.messages} == {number("lan"), number("minh")}
    asked = page.messages[0]
    assert asked.answer_by is not None
    assert asked.answer_by - asked.at == timedelta(hours=48)
    one = duty("message", "Dạ có", reply_to=asked.remote_id, root=asked.thread)
    assert await publishing.look_up(there.session, one) is None
    done = await publishing.publish(there.session, one)
    assert await publishing.look_up(there.session, one) == done
    later = await inbox.fetch(there.session, [], page.cursor)
    assert [m.text for m in later.messages if m.own] == ["Dạ có"]
    stranger = duty("message", "Chào", reply_to="1", root=number("nobody"))
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, stranger)
    assert caught.value.reason == "not_following"


async def test_the_window_closes(at_work: Open, duty: Callable[..., Outgoing]) -> None:
    there = await at_work("zalo")
    there.platform.message(there.session.remote_id, "lan", "Lan", "Chào")
    there.platform.clock = lambda: clock.now() + timedelta(hours=24.5)
    for item in there.platform.items.values():
        item.at = (clock.now() - timedelta(hours=49)).isoformat()
    with pytest.raises(Rejected) as caught:
        await publishing.publish(there.session, duty("message", "Muộn", reply_to="1", root=number("lan")))
    assert caught.value.reason == "reply_window_over"


async def test_numbers_of_an_article_beyond_the_first_page(
    at_work: Open, duty: Callable[..., Outgoing], picture: Callable[..., Media]
) -> None:
    there = await at_work("zalo")
    first = None
    for count in range(12):
        one = duty("article", f"Bài {count}", title=f"Bài {count}", media=(shown(picture()),))
        _, done = await to_the_end(there, one)
        first = first or done.remote_id
    assert first is not None
    there.platform.count(first, "views", 41)
    told = {r.metric: r.value for r in await metrics.read(there.session, [first])}
    assert told == {"views": 41.0, "shares": 0.0}
    gone = await metrics.read(there.session, ["a1"])
    assert {(r.value, r.why) for r in gone} == {(None, "not_there")}


async def test_pictures_stand_between_the_words_where_the_text_has_them(
    at_work: Open, duty: Callable[..., Outgoing], picture: Callable[..., Media]
) -> None:
    there = await at_work("zalo")
    media = tuple(replace(shown(picture(name), name), name=name) for name in ("bia", "sen", "ly"))
    one = duty("article", "Đầu\n\n![Sen](file:sen)\n\nCuối", title="Trà sen", media=media)
    made = articles.made(there.session, one, [m.public_url for m in media], ["bia", "sen", "ly"], shown=True)
    assert made["body"] == [
        {"type": "text", "content": "<p>Đầu</p>"},
        {"type": "image", "url": "https://files.example/sen.png"},
        {"type": "text", "content": "<p>Cuối</p>"},
        {"type": "image", "url": "https://files.example/ly.png"},
    ]
    assert made["description"] == "Đầu Cuối"
    _duty, live = await to_the_end(there, one)
    assert [file["id"] for file in there.platform.items[live.remote_id].media][:2] == [
        "https://files.example/bia.png",
        "https://files.example/sen.png",
    ]
