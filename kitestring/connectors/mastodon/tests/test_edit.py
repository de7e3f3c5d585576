"""Changing a post in place: what is not meant to change is sent back as it was, or the server would take it off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from kitestring.connectorkit.contract import Media, Outgoing, Published
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon import editing, moderation, publishing

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def live(bench: Any, outgoing: Outgoing) -> Published:
    done = await publishing.publish(bench.session, outgoing)
    assert isinstance(done, Published)
    return done


async def test_files_warning_and_language_stay_and_descriptions_change(
    at_work: AtWork, duty: Duty, picture: Callable[..., Media]
) -> None:
    bench = await at_work("mastodon")
    before = duty("post", "Trà", media=(picture(), picture("hai")), language="vi")
    before = replace(before, options={"content_warning": "trà đắng", "sensitive": "yes"})
    done = await live(bench, before)
    item = bench.platform.items[done.remote_id]
    files = list(item.extra["files"])
    assert (item.extra["sensitive"], item.extra["spoiler_text"]) == (True, "trà đắng")
    after = await editing.edit(
        bench.session, done.remote_id, duty("post", "Trà sen", link="https://vidu.vn/a")
    )
    assert after == done
    assert item.text == "Trà sen\n\nhttps://vidu.vn/a"
    assert (item.extra["files"], item.extra["spoiler_text"]) == (files, "trà đắng")
    assert (item.extra["sensitive"], item.extra["language"]) == (True, "vi")
    assert [one["alt"] for one in item.media] == ["Một ly trà", "Một ly trà"]
    told = duty("post", "Trà sen", media=(picture("ba", "Ly thứ nhất"), picture("bốn", "Ly thứ hai")))
    await editing.edit(bench.session, done.remote_id, replace(told, options={"content_warning": ""}))
    assert [one["alt"] for one in item.media] == ["Ly thứ nhất", "Ly thứ hai"]
    assert item.extra["spoiler_text"] == ""


async def test_an_answer_keeps_the_name_it_begins_with(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    head = await live(bench, duty("post", "Mở cửa"))
    asked = bench.platform.comment(head.remote_id, "lan_anh", "Lan Anh", "Mấy giờ?")
    answer = await live(bench, duty("reply", "7 giờ", reply_to=asked.id))
    await editing.edit(bench.session, answer.remote_id, duty("reply", "8 giờ"))
    assert bench.platform.items[answer.remote_id].text == "@lan_anh 8 giờ"


async def test_what_cannot_be_changed_says_why(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    poll = await live(bench, duty("post", "Trà nào?", options={"poll": "Sen|Nhài"}))
    for remote_id, text, reason in (
        (poll.remote_id, "Trà gì?", "poll_stays"),
        ("424242", "x", "gone"),
        ("../oauth", "x", "gone"),
    ):
        with pytest.raises(Rejected) as caught:
            await editing.edit(bench.session, remote_id, duty("post", text))
        assert caught.value.reason == reason
    post = await live(bench, duty("post", "Trà"))
    with pytest.raises(Rejected) as caught:
        await editing.edit(bench.session, post.remote_id, duty("post", "x" * 501))
    assert caught.value.reason == "too_long"


async def test_a_favourite_on_what_is_gone(at_work: AtWork) -> None:
    bench = await at_work("mastodon")
    for remote_id in ("424242", "../x"):
        with pytest.raises(Rejected) as caught:
            await moderation.like(bench.session, remote_id, True)
        assert caught.value.reason == "gone"
