"""Posting, videos that take their time, the server's own limits, and looking up by key and by words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Processing, Published
from kitestring.connectorkit.emulation import Platform
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.mastodon import limits, publishing
from kitestring.connectors.mastodon.emulated.entities import instance
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


def video(folder: Path) -> Media:
    path = folder / "pha-tra.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42 not a film")
    return Media(path, "video/mp4", path.stat().st_size, "a" * 64, "Pha trà", 1280, 720)


async def test_a_video_is_waited_for_and_then_posted_once(
    at_work: AtWork, duty: Duty, tmp_path: Path
) -> None:
    bench = await at_work("mastodon")
    outgoing = duty("post", "Pha trà", media=(video(tmp_path),))
    first = await publishing.publish(bench.session, outgoing)
    assert isinstance(first, Processing)
    assert bench.platform.posts() == []
    again = await publishing.follow(bench.session, replace(outgoing, handle=first.handle))
    assert isinstance(again, Processing)
    done = await publishing.follow(bench.session, replace(outgoing, handle=again.handle))
    assert isinstance(done, Published)
    assert bench.platform.items[done.remote_id].media[0]["alt"] == "Pha trà"
    assert await publishing.look_up(bench.session, outgoing) == done


async def test_a_file_the_server_lost_is_told_in_words(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    with pytest.raises(Rejected) as caught:
        await publishing.follow(bench.session, replace(duty("post", "x"), handle='{"media": ["999999"]}'))
    assert (caught.value.field, caught.value.reason) == ("media", "processing_failed")


async def test_the_servers_own_limits_hold_before_sending(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    own = instance("wide.test")
    own["configuration"]["statuses"]["max_characters"] = 5000
    wide = replace(bench.session, settings={**bench.session.settings, "limits": limits.found_in(own)})
    publishing.check(wide, duty("post", "x" * 4000))
    with pytest.raises(Rejected) as caught:
        publishing.check(wide, duty("post", "x" * 5001))
    assert caught.value.params["limit"] == 5000
    with pytest.raises(Rejected):
        publishing.check(bench.session, duty("post", "x" * 501))
    publishing.check(bench.session, duty("post", "x" * 470 + " https://vidu.vn/" + "y" * 200))


def test_a_server_that_says_little_leaves_our_defaults() -> None:
    assert limits.found_in({}) == {}
    assert limits.found_in({"configuration": {"statuses": {"max_characters": "many"}}}) == {}


async def test_the_question_by_key_publishes_nothing(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    assert await publishing.look_up(bench.session, duty("post", "Chưa từng gửi")) is None
    assert bench.platform.items == {}


async def test_when_the_key_is_forgotten_the_same_words_are_no_proof(at_work: AtWork, duty: Duty) -> None:
    late = timedelta(0)
    bench = await at_work("mastodon", platform=Platform(clock=lambda: clock.now() + late))
    late = -timedelta(hours=2)  # it was published two hours ago
    outgoing = replace(duty("post", "Chào buổi sáng"), stamp=clock.now() - timedelta(hours=3))
    await publishing.publish(bench.session, outgoing)
    late = timedelta(0)
    with pytest.raises(Ambiguous) as caught:
        await publishing.look_up(bench.session, outgoing)
    assert caught.value.reason == "look_up_unclear"
    assert await publishing.look_up(bench.session, replace(outgoing, text="Lời khác")) is None


async def test_a_server_that_only_speaks_the_api_is_read_by_words(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    session = replace(bench.session, settings={**bench.session.settings, "remembers_keys": False})
    outgoing = duty("post", "Trên máy chủ khác")
    assert await publishing.look_up(session, outgoing) is None
    await publishing.publish(session, outgoing)
    with pytest.raises(Ambiguous):
        await publishing.look_up(session, outgoing)


async def test_an_answer_names_its_reader_once_and_both_read_clean(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    done = await publishing.publish(bench.session, duty("post", "Mở cửa", language="zh-hans"))
    assert isinstance(done, Published)
    assert bench.platform.items[done.remote_id].extra["language"] == "zh"
    comment = bench.platform.comment(done.remote_id, "lan_anh", "Lan Anh", "@hien_ca_phe mấy giờ?")
    await publishing.publish(bench.session, duty("reply", "7 giờ\n\nsáng", reply_to=comment.id))
    answer = bench.platform.comments(done.remote_id)[-1]
    assert answer.text == "@lan_anh 7 giờ\n\nsáng"
    page = await bench.power.inbox.fetch(bench.session, [done.remote_id], "")
    assert [(m.text, m.own) for m in page.messages] == [("mấy giờ?", False), ("7 giờ\n\nsáng", True)]


async def test_an_answer_grown_too_long_by_the_name_is_refused(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    done = await publishing.publish(bench.session, duty("post", "Mở cửa"))
    assert isinstance(done, Published)
    comment = bench.platform.comment(done.remote_id, "lan_anh", "Lan Anh", "Dài?")
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("reply", "x" * 498, reply_to=comment.id))
    assert caught.value.reason == "too_long"
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("reply", "Ơ", reply_to="424242"))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")


async def test_a_part_of_our_own_names_nobody_and_is_seen_by_whom_the_head_is_seen(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("mastodon")
    head = await publishing.publish(bench.session, duty("post", "Một", options={"visibility": "unlisted"}))
    assert isinstance(head, Published)
    part = await publishing.publish(
        bench.session, duty("reply", "Hai", reply_to=head.remote_id, root=head.remote_id)
    )
    assert isinstance(part, Published)
    item = bench.platform.items[part.remote_id]
    assert (item.text, item.extra["visibility"], item.parent) == ("Hai", "unlisted", head.remote_id)
