"""Telegram: messages and albums go out once; what cannot be found out is left to a person; the token stays secret."""

from __future__ import annotations

import logging

import pytest

from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectors.telegram import publishing


async def test_a_message(at_work, duty):
    there = await at_work("telegram")
    live = await publishing.publish(there.session, duty("text", "Chào buổi sáng", link="https://x.vn/a"))
    assert there.platform.items[live.remote_id].text == "Chào buổi sáng\n\nhttps://x.vn/a"
    assert live.url == f"{there.base_url}/{there.connected.handle[1:]}/{live.remote_id}"


async def test_one_picture_and_an_album(at_work, duty, picture):
    there = await at_work("telegram")
    one = await publishing.publish(there.session, duty("photo", "Ly mới", media=(picture(),)))
    many = await publishing.publish(
        there.session, duty("photo", "Ba ly", media=(picture("a"), picture("b"), picture("c")))
    )
    assert "," not in one.remote_id
    assert len(many.remote_id.split(",")) == 3
    assert many.url.endswith("/" + many.remote_id.split(",")[0])
    album = there.platform.items[many.remote_id]
    assert (album.text, len(album.media)) == ("Ba ly", 3)


def test_there_is_no_look_up_to_pretend_with():
    assert not hasattr(publishing, "look_up")


@pytest.mark.parametrize("kind", ["drop_after", "error_after", "html"])
async def test_a_lost_answer_is_unclear(at_work, duty, kind):
    there = await at_work("telegram")
    there.faults.next(Fault(kind, at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, duty("text", "x"))


async def test_the_wait_is_the_one_telegram_names(at_work, duty):
    there = await at_work("telegram")
    there.faults.next(Fault("busy", at="store"))
    with pytest.raises(RetryLater) as raised:
        await publishing.publish(there.session, duty("text", "x"))
    assert raised.value.after == 3
    there.faults.next(Fault("busy", after=40, at="store"))
    with pytest.raises(RetryLater) as raised:
        await publishing.publish(there.session, duty("text", "x"))
    assert raised.value.after == 40


async def test_a_replaced_token(at_work, duty):
    there = await at_work("telegram")
    there.faults.next(Fault("unauthorized", at="store"))
    with pytest.raises(GrantExpired) as raised:
        await publishing.publish(there.session, duty("text", "x"))
    assert raised.value.reason == "bot_token_ended"


async def test_length_is_counted_with_the_link_in_utf16(at_work, duty):
    there = await at_work("telegram")
    before = len(there.faults.seen)
    publishing.check(there.session, duty("text", "🍵" * 2048))
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, duty("text", "🍵" * 2049))
    assert raised.value.field == "text"
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, duty("text", "🍵" * 2048, link="https://x.vn"))
    assert raised.value.reason == "too_long_with_link"
    assert len(there.faults.seen) == before


async def test_a_strip_is_no_photo(at_work, duty, picture):
    there = await at_work("telegram")
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, duty("photo", "x", media=(picture(size=(2100, 100)),)))
    assert raised.value.reason == "shape_refused"


async def test_withdraw_takes_the_whole_album_and_does_not_mind_twice(at_work, duty, picture):
    there = await at_work("telegram")
    live = await publishing.publish(there.session, duty("photo", "x", media=(picture("a"), picture("b"))))
    await publishing.withdraw(there.session, live.remote_id)
    assert there.platform.posts() == []
    await publishing.withdraw(there.session, live.remote_id)


async def test_the_token_is_in_no_log_and_no_error(at_work, duty, caplog):
    there = await at_work("telegram")
    token = there.session.grant.secrets["bot_token"]
    with caplog.at_level(logging.DEBUG):
        await publishing.publish(there.session, duty("text", "x"))
        there.faults.next(Fault("html", at="store"), Fault("drop_before", at="store"))
        for _ in range(2):
            with pytest.raises(Ambiguous) as raised:
                await publishing.publish(there.session, duty("text", "x"))
            assert token not in f"{raised.value!r} {raised.value.said} {raised.value.__cause__!r}"
    ours = [r for r in caplog.records if r.name.startswith("kitestring")]
    assert ours
    assert token.partition(":")[2] not in "\n".join(r.getMessage() for r in ours)
