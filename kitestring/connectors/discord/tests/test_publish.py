"""Discord: a message goes out once; what a look can prove it proves, what it cannot a person is asked."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.emulation import Fault, Item
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectors.discord import editing, emulator, moderation, publishing
from kitestring.connectors.discord.emulated import world
from kitestring.kit import clock

NAME = "hien-ca-phe"
BY_HOOK = emulator.webhook_answers("https://discord.example", NAME)


@pytest.fixture
def later():
    """`later(minutes=10)`: time goes on, for the channel and for us."""
    before = clock.offset()
    yield lambda **by: clock.move(clock.offset() + timedelta(**by))
    clock.move(before)


async def test_words_with_their_link(at_work, duty):
    there = await at_work("discord")
    live = await publishing.publish(there.session, duty("post", "Trà mới 新茶", link="https://x.vn/a"))
    item = there.platform.items[live.remote_id]
    assert item.text == "Trà mới 新茶\n\nhttps://x.vn/a"
    assert live.url == f"{there.base_url}/channels/{world.guild(NAME)}/{world.channel(NAME)}/{live.remote_id}"
    again = await publishing.publish(
        there.session, duty("post", "Ở https://x.vn/a nhé", link="https://x.vn/a")
    )
    assert there.platform.items[again.remote_id].text == "Ở https://x.vn/a nhé"


async def test_nobody_is_called_unless_chosen(at_work, duty):
    there = await at_work("discord")
    for options, parse in (({}, []), ({"mentions": "everyone"}, ["everyone", "roles", "users"])):
        live = await publishing.publish(there.session, duty("post", "@everyone ơi", options=options))
        assert there.platform.items[live.remote_id].extra["calls"]["parse"] == parse
    quiet = await publishing.publish(
        there.session, duty("post", "khẽ", options={"silent": "yes", "no_preview": "yes"})
    )
    assert there.platform.items[quiet.remote_id].extra["flags"] == 1 << 12 | 1 << 2


async def test_files_keep_their_words_for_those_who_cannot_see(at_work, duty, picture):
    there = await at_work("discord")
    live = await publishing.publish(
        there.session, duty("post", "", media=(picture("a"), picture("b", alt="")))
    )
    assert [file["alt"] for file in there.platform.items[live.remote_id].media] == ["Một ly trà", ""]


async def test_a_card(at_work, duty, picture):
    there = await at_work("discord")
    outgoing = duty("embed", "茶" * 3000, title="Trà sen", link="https://x.vn/a", media=(picture(),))
    live = await publishing.publish(there.session, outgoing)
    item = there.platform.items[live.remote_id]
    [embed] = item.extra["embeds"]
    assert (embed["title"], embed["url"]) == ("Trà sen", "https://x.vn/a")
    assert embed["image"]["url"] == f"attachment://{item.media[0]['filename']}"
    await editing.edit(there.session, live.remote_id, replace(outgoing, text="Khác 改", media=()))
    assert item.extra["embeds"][0]["image"]["url"] == f"attachment://{item.media[0]['filename']}"
    assert item.text == "Khác 改"


async def test_files_of_a_live_message_stay(at_work, duty, picture):
    there = await at_work("discord")
    live = await publishing.publish(there.session, duty("post", "x", media=(picture(),)))
    with pytest.raises(Rejected) as raised:
        await editing.edit(there.session, live.remote_id, duty("post", "y", media=(picture("b"),)))
    assert raised.value.reason == "files_stay"
    changed = await editing.edit(there.session, live.remote_id, duty("post", "y"))
    assert changed == live
    assert len(there.platform.items[live.remote_id].media) == 1


async def test_length_is_counted_with_the_link_in_utf16(at_work, duty):
    there = await at_work("discord")
    asked = len(there.faults.seen)
    publishing.check(there.session, duty("post", "🍵" * 1000))
    for outgoing in (duty("post", "🍵" * 1001), duty("post", "🍵" * 1000, link="https://x.vn")):
        with pytest.raises(Rejected) as raised:
            publishing.check(there.session, outgoing)
        assert (raised.value.field, raised.value.reason) == ("text", "too_long")
    assert len(there.faults.seen) == asked


async def test_files_too_big_together(at_work, duty, picture):
    there = await at_work("discord")
    files = tuple(replace(picture(str(n)), size=9_000_000) for n in range(3))
    with pytest.raises(Rejected) as raised:
        publishing.check(there.session, duty("post", "x", media=files))
    assert raised.value.reason == "too_big_together"


async def test_within_minutes_the_same_key_is_the_same_message(at_work, duty, later):
    there, outgoing = await at_work("discord"), duty("post", "một lần")
    first = await publishing.publish(there.session, outgoing)
    later(minutes=4)
    assert await publishing.publish(there.session, outgoing) == first
    assert len(there.platform.posts()) == 1


@pytest.mark.parametrize("how", ["minutes later", "lost at once"])
async def test_words_alone_are_nobodys_proof(at_work, duty, later, how):
    """Whether the nonce was forgotten in time, or is not told when a message is read again: a person decides."""
    there, sent, twin = await at_work("discord"), duty("post", "giống nhau"), duty("post", "giống nhau")
    live = await publishing.publish(there.session, sent)
    if how == "minutes later":
        later(minutes=10)
    else:
        there.platform.memory["forgets_nonces"] = True
    for outgoing in (sent, twin):
        with pytest.raises(Ambiguous) as raised:
            await publishing.look_up(there.session, outgoing)
        assert raised.value.reason == "look_up_unclear"
        assert raised.value.said == live.url
    assert await publishing.look_up(there.session, duty("post", "khác hẳn")) is None


async def test_files_are_proof_for_ever(at_work, duty, picture, later):
    there = await at_work("discord")
    sent, twin = (duty("post", "ảnh", media=(picture(),)) for _ in range(2))
    live = await publishing.publish(there.session, sent)
    later(hours=5)
    # As the ledger asks: without the files themselves.
    assert await publishing.look_up(there.session, replace(sent, media=())) == live
    assert await publishing.look_up(there.session, replace(twin, media=())) is None


async def test_a_look_reads_on_and_knows_its_bounds(at_work, duty, later):
    there, outgoing = await at_work("discord"), duty("post", "ở sâu")
    live = await publishing.publish(there.session, outgoing)
    later(minutes=1)
    for number in range(250):
        there.platform.mention(there.session.remote_id, "minh", "Minh", f"nói chuyện {number}")
    assert await publishing.look_up(there.session, outgoing) == live
    for number in range(800):
        there.platform.mention(there.session.remote_id, "minh", "Minh", f"nói tiếp {number}")
    with pytest.raises(Ambiguous):
        await publishing.look_up(there.session, outgoing)


async def test_what_others_wrote_is_never_ours(at_work, duty):
    there, outgoing = await at_work("discord"), duty("post", "chép lại")
    there.platform.mention(there.session.remote_id, "minh", "Minh", "chép lại")
    by_hook = Item(
        "1" * 18, NAME, "chép lại", clock.now().isoformat(), author_name=NAME, extra={"webhook": True}
    )
    there.platform.add(replace(by_hook, id=world.new_id(there.platform)))
    assert await publishing.look_up(there.session, outgoing) is None


async def test_a_webhook_posts_edits_and_takes_back(at_work, duty, picture):
    there = await at_work("discord", **BY_HOOK)
    live = await publishing.publish(there.session, duty("post", "bằng webhook", media=(picture(),)))
    item = there.platform.items[live.remote_id]
    assert (item.text, item.extra["nonce"], item.extra["webhook"]) == ("bằng webhook", "", True)
    assert "wait=true" in there.faults.seen[-1].path
    await editing.edit(there.session, live.remote_id, duty("post", "sửa 改"))
    assert item.text == "sửa 改"
    part = await publishing.publish(there.session, duty("reply", "phần hai", reply_to=live.remote_id))
    assert there.platform.items[part.remote_id].parent == ""
    with pytest.raises(Ambiguous):
        await publishing.look_up(there.session, duty("post", "bằng webhook"))
    for _twice in range(2):
        await publishing.withdraw(there.session, live.remote_id)
    assert live.remote_id not in there.platform.items


async def test_a_webhook_writes_in_its_thread(at_work, duty):
    there = await at_work("discord")
    post = await publishing.publish(there.session, duty("post", "gốc"))
    emulator.in_thread(there.platform, post.remote_id, "lan", "Lan", "hỏi")
    hooked = await at_work("discord", platform=there.platform, **{**BY_HOOK, "thread": post.remote_id})
    live = await publishing.publish(hooked.session, duty("post", "trong chủ đề"))
    assert there.platform.items[f"{post.remote_id}:{live.remote_id}"].extra["thread"] == post.remote_id


async def test_a_thread_that_is_gone_ends_no_account(at_work, duty):
    there = await at_work("discord")
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, replace(duty("reply", "x"), reply_to="99887766:11223344"))
    assert raised.value.reason == "not_there"
    gone = replace(
        there.session, settings={**there.session.settings, "channel": "99887766"}, remote_id="99887766"
    )
    with pytest.raises(GrantExpired) as raised:
        await publishing.publish(gone, duty("post", "x"))
    assert raised.value.reason == "channel_gone"


async def test_a_deleted_webhook(at_work, duty):
    there = await at_work("discord", **BY_HOOK)
    there.faults.always(Fault("unauthorized"))
    with pytest.raises(GrantExpired) as raised:
        await publishing.publish(there.session, duty("post", "x"))
    assert raised.value.reason == "webhook_gone"


async def test_the_wait_is_the_one_discord_names(at_work, duty):
    there = await at_work("discord")
    there.faults.next(Fault("busy", at="store"))
    with pytest.raises(RetryLater) as raised:
        await publishing.publish(there.session, duty("post", "x"))
    assert raised.value.after == 0.64


async def test_an_answered_message_that_is_gone(at_work, duty):
    there = await at_work("discord")
    for gone in ("123", "not-a-number"):
        with pytest.raises(Rejected) as raised:
            await publishing.publish(there.session, duty("reply", "x", reply_to=gone))
        assert (raised.value.field, raised.value.reason) == ("reply_to", "comment_gone")


async def test_a_deed_without_the_right_to_it(at_work, duty):
    there = await at_work("discord")
    post = await publishing.publish(there.session, duty("post", "x"))
    comment = there.platform.comment(post.remote_id, "lan", "Lan", "spam")
    there.platform.memory["no_moderator"] = True
    with pytest.raises(Rejected) as raised:
        await moderation.remove(there.session, world.snowflake(comment))
    assert raised.value.reason == "not_allowed"
    with pytest.raises(Rejected) as raised:
        await moderation.like(there.session, "404", True)
    assert raised.value.reason == "gone"


@pytest.mark.parametrize("by", [{}, BY_HOOK])
async def test_no_secret_is_in_a_log_or_an_error(at_work, duty, caplog, by):
    there = await at_work("discord", **by)
    secrets = list(there.session.grant.secrets.values())
    with caplog.at_level(logging.DEBUG):
        await publishing.publish(there.session, duty("post", "x"))
        there.faults.next(Fault("html", at="store"), Fault("drop_before", at="store"))
        for _ in range(2):
            with pytest.raises(Ambiguous) as raised:
                await publishing.publish(there.session, duty("post", "x"))
            assert not [
                s for s in secrets if s in f"{raised.value!r} {raised.value.said} {raised.value.__cause__!r}"
            ]
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("kitestring"))
    assert ours
    assert not [secret for secret in secrets if secret in ours]
