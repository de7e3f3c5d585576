"""Telegram: words changed in place, thumbs, private messages, reactions counted, videos, polls, and an account's health."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from kitestring.connectorkit.errors import GrantExpired, Rejected
from kitestring.connectorkit.sentences import sentence
from kitestring.connectors.telegram import (
    cursors,
    diagnostics,
    editing,
    inbox,
    metrics,
    moderation,
    publishing,
)
from kitestring.connectors.telegram.client import MANIFEST, refusal


async def _live(there, duty, kind="text", text="Trà mới", **more):
    return (await publishing.publish(there.session, duty(kind, text, **more))).remote_id


async def test_words_are_changed_where_they_stand(at_work, duty, picture):
    there = await at_work("telegram")
    post = await _live(there, duty)
    done = await editing.edit(there.session, post, duty("text", "Trà sen", link="https://vidu.vn"))
    assert there.platform.items[post].text == "Trà sen\n\nhttps://vidu.vn"
    assert (done.remote_id, done.url) == (post, f"{there.base_url}/hien_ca_phe/{post}")
    album = await _live(there, duty, "photo", media=(picture("a"), picture("b")))
    await editing.edit(there.session, album, duty("photo", "Hai ly"))
    await editing.edit(there.session, album, duty("photo", ""))
    assert there.platform.items[album].text == ""
    same = duty("text", "Trà sen", link="https://vidu.vn")
    assert (await editing.edit(there.session, post, same)).remote_id == post


async def test_what_cannot_be_changed(at_work, duty, picture):
    there = await at_work("telegram")
    poll = await _live(there, duty, "poll", "Trà nào?", options={"poll": "Sen|Nhài"})
    photo = await _live(there, duty, "photo", media=(picture(),))
    text = await _live(there, duty)
    for remote_id, kind, words, reason in (
        (poll, "poll", "x", "cannot_edit"),
        (poll, "text", "x", "cannot_edit"),
        (photo, "text", "x", "cannot_edit"),
        ("99999", "text", "x", "gone"),
        (text, "text", " ", "text_required"),
        (text, "text", "🍵" * 2049, "too_long_with_link"),
        (photo, "photo", "x" * 1025, "too_long_with_link"),
    ):
        with pytest.raises(Rejected) as raised:
            await editing.edit(there.session, remote_id, duty(kind, words))
        assert raised.value.reason == reason, (remote_id, kind)


async def test_a_private_talk(at_work, duty):
    there = await at_work("telegram")
    us = there.session.remote_id
    asked = there.platform.message(us, "lan", "Lan", "Còn bàn không?")
    there.platform.message("-1005", "lan", "Lan", "Not for us")
    page = await inbox.fetch(there.session, [], "")
    [message] = page.messages
    assert (message.kind, message.text, message.thread) == ("message", "Còn bàn không?", message.author_id)
    assert message.remote_id == f"{message.thread}:{asked.id}"
    assert message.url == ""
    answer = duty("message", "Còn ạ", reply_to=message.remote_id, root=message.thread)
    sent = await publishing.publish(there.session, answer)
    assert there.platform.items[sent.remote_id].root == "lan"
    assert sent.url == ""
    await moderation.like(there.session, message.remote_id, True)
    assert asked.extra["liked"] is True
    await moderation.remove(there.session, message.remote_id)
    assert asked.id not in there.platform.items
    # What they wrote is gone: the answer still reaches them, and stands for itself.
    assert (await publishing.publish(there.session, replace(answer, text="Mời chị"))).remote_id


async def test_who_blocked_the_bot_is_no_trouble_of_the_account(at_work, duty):
    there = await at_work("telegram")
    there.platform.message(there.session.remote_id, "lan", "Lan", "Alo")
    [message] = (await inbox.fetch(there.session, [], "")).messages
    there.platform.memory["blocked"] = int(message.thread)
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, duty("message", "Dạ", reply_to=message.remote_id))
    assert (raised.value.field, raised.value.reason) == ("reply_to", "person_gone")


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("Forbidden: user is deactivated", "person_gone"),
        ("Forbidden: bot can't initiate conversation with a user", "person_gone"),
        ("Bad Request: REACTION_INVALID", "reaction_not_allowed"),
        ("Bad Request: message to react not found", "gone"),
        ("Bad Request: message is not modified: specified new message content is the same", "same_words"),
        ("Bad Request: there is no text in the message to edit", "no_text_there"),
        ("Bad Request: poll options must be non-empty", "poll_refused"),
    ],
)
def test_what_further_refusals_mean(description, reason):
    """Descriptions are assumed, from general knowledge."""
    error = refusal(403 if description.startswith("Forbidden") else 400, {"description": description})
    assert isinstance(error, Rejected)
    assert error.reason == reason
    assert "{" not in sentence(reason, {}, "vi", MANIFEST)


async def test_a_thumb_the_group_does_not_allow_and_one_on_what_is_gone(at_work, monkeypatch):
    there = await at_work("telegram")
    for comment in ("-1:7", "not a place"):
        with pytest.raises(Rejected) as raised:
            await moderation.like(there.session, comment, True)
        assert raised.value.reason == "gone"


async def test_reactions_come_with_the_inbox_and_are_read_from_its_cursor(at_work, duty, picture):
    there = await at_work("telegram")
    text = await _live(there, duty)
    album = await _live(there, duty, "photo", media=(picture("a"), picture("b")))
    there.platform.count(text, "likes", 5)
    there.platform.count(album, "likes", 2)
    page = await inbox.fetch(there.session, [text, album], "")
    session = replace(there.session, cursor=page.cursor)
    assert {r.remote_id: r.value for r in await metrics.read(session, [text, album])} == {text: 5, album: 2}
    there.platform.count(text, "likes", -4)
    page = await inbox.fetch(session, [text], page.cursor)
    [reading] = await metrics.read(replace(session, cursor=page.cursor), [text])
    assert reading.value == 1
    [none] = await metrics.read(session, ["4711"])
    assert (none.value, none.why) == (None, "no_reactions_told")


def test_an_older_cursor_knows_no_counts_and_a_long_one_forgets_the_oldest():
    assert cursors.opened('{"offset":7,"threads":{"5":"42"}}') == {
        "offset": 7, "threads": {"5": "42"}, "counts": {},
    }  # fmt: skip
    many = {"offset": 1, "threads": {}, "counts": {str(n): n for n in range(cursors.REMEMBERED + 9)}}
    kept = json.loads(cursors.closed(many))["counts"]
    assert (len(kept), "8" in kept, "9" in kept) == (cursors.REMEMBERED, False, True)


async def test_videos_alone_and_among_pictures(at_work, duty, picture, clip):
    there = await at_work("telegram")
    alone = await _live(there, duty, "photo", media=(clip(),), options={"silent": "yes"})
    item = there.platform.items[alone]
    assert [one["type"] for one in item.media] == ["video"]
    assert item.extra["disable_notification"] == "true"
    album = await _live(there, duty, "photo", media=(picture("a"), clip(), picture("b")))
    assert [one["type"] for one in there.platform.items[album].media] == ["photo", "video", "photo"]
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, duty("photo", "x", media=(replace(clip(), size=50_000_001),)))
    assert raised.value.reason == "media_too_big"


async def test_a_poll(at_work, duty):
    there = await at_work("telegram")
    options = {"poll": "Sen | Nhài", "poll_several": "yes", "poll_length": "3600"}
    post = await _live(there, duty, "poll", "Trà nào?", link="https://vidu.vn/tra", options=options)
    told = there.platform.items[post].extra["poll"]
    assert [one["text"] for one in told["options"]] == ["Sen", "Nhài"]
    assert (told["open_period"], told["description"]) == (3600, "https://vidu.vn/tra")
    for wrong in ("a|a", "|".join(map(str, range(13))), "x" * 101, " | "):
        with pytest.raises(Rejected) as raised:
            publishing.check(there.session, duty("poll", "?", options={"poll": wrong}))
        assert (raised.value.field, raised.value.reason) == ("options.poll", "poll_choices")


async def test_a_message_older_than_two_days_stays(at_work, duty):
    there = await at_work("telegram")
    post = await _live(there, duty)
    there.platform.items[post].at = "2026-01-01T00:00:00+00:00"
    with pytest.raises(Rejected) as raised:
        await publishing.withdraw(there.session, post)
    assert raised.value.reason == "too_old_to_delete"
    assert post in there.platform.items


async def _reasons(session):
    return {one.reason: one.state for one in (await diagnostics.examine(session)).findings}


async def test_health(at_work):
    there = await at_work("telegram")
    assert await _reasons(there.session) == {"health_good": "good"}
    there.platform.memory["without"] = ["can_post_messages", "can_delete_messages"]
    there.platform.memory["webhook"] = {"url": "https://x.example/hook", "pending_update_count": 3}
    assert await _reasons(there.session) == {
        "health_good": "good",
        "cannot_post": "bad",
        "cannot_delete": "warning",
        "webhook_in_use": "warning",
        "updates_waiting": "good",
    }
    there.platform.memory["webhook"] = {}
    there.platform.memory["without"] = []
    moved = replace(there.session, settings={**there.session.settings, "discussion": -7})
    assert (await _reasons(moved))["discussion_changed"] == "good"
    fresh = (await diagnostics.examine(moved)).settings["discussion"]
    assert fresh == there.session.settings["discussion"]
    elsewhere = replace(there.session, remote_id="-1001")
    assert await _reasons(elsewhere) == {"bot_shut_out": "bad"}


async def test_numbers_of_the_channel(at_work):
    there = await at_work("telegram")
    there.platform.tell(there.session.remote_id, "followers", 812)
    [reading] = await metrics.account(there.session)
    assert (reading.metric, reading.value, reading.field) == ("followers", 812, "getChatMemberCount")
    with pytest.raises(GrantExpired):
        await metrics.account(replace(there.session, remote_id="-1001"))
