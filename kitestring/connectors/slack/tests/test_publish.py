"""Slack: a message goes out once and is read back by our key; files show in Slack's own time, and are followed."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest

from kitestring.connectorkit.contract import Processing, Published
from kitestring.connectorkit.emulation import Fault, Item
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.uploads import Kept
from kitestring.connectors.slack import editing, emulator, inbox, publishing
from kitestring.connectors.slack.emulated import world
from kitestring.kit import clock


async def seen_through(session, outgoing):
    outcome = await publishing.publish(session, outgoing)
    while isinstance(outcome, Processing):
        outcome = await publishing.follow(session, replace(outgoing, handle=outcome.handle))
    return outcome


async def test_words_with_their_link(at_work, duty):
    there = await at_work("slack")
    live = await publishing.publish(
        there.session, duty("post", "Trà <mới> & 新茶", link="https://x.vn/a?b=1&c=2")
    )
    item = there.platform.items[live.remote_id]
    assert item.text == "Trà <mới> & 新茶\n\nhttps://x.vn/a?b=1&c=2"
    assert item.extra["text"].startswith("Trà &lt;mới&gt; &amp; 新茶")
    digits = live.remote_id.replace(".", "")
    assert live.url == f"{there.base_url}/archives/{there.session.remote_id}/p{digits}"


async def test_our_key_travels_in_the_metadata(at_work, duty):
    there, outgoing = await at_work("slack"), duty("post", "một")
    live = await publishing.publish(there.session, outgoing)
    metadata = there.platform.items[live.remote_id].extra["metadata"]
    assert metadata["event_payload"] == {"key": str(outgoing.key)}
    assert await publishing.look_up(there.session, outgoing) == live
    assert await publishing.look_up(there.session, duty("post", "một")) is None


async def test_files_show_in_slacks_own_time(at_work, duty, picture):
    there, kept = await at_work("slack"), Kept()
    outgoing = duty("post", "ảnh", media=(picture("a"), picture("b")), uploads=kept)
    taken = await publishing.publish(there.session, outgoing)
    assert isinstance(taken, Processing)
    assert taken.handed_over
    assert len(json.loads(taken.handle)["files"]) == 2
    # As the ledger asks: without the files themselves.
    bare = replace(outgoing, media=(), uploads=Kept(), handle=taken.handle)
    assert isinstance(await publishing.follow(there.session, bare), Processing)
    live = await publishing.follow(there.session, bare)
    assert isinstance(live, Published)
    assert [file["title"] for file in there.platform.items[live.remote_id].media] == [
        "Một ly trà",
        "Một ly trà",
    ]
    assert await publishing.look_up(there.session, replace(bare, handle="")) == live
    await publishing.withdraw(there.session, live.remote_id)
    assert there.platform.items == {}
    assert there.platform.memory["files"] == {}
    await publishing.withdraw(there.session, live.remote_id)


async def test_a_lost_answer_while_sharing_files(at_work, duty, picture):
    there, kept = await at_work("slack"), Kept()
    outgoing = duty("post", "ảnh", media=(picture("a"),), uploads=kept)
    there.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(there.session, outgoing)
    bare = replace(outgoing, media=(), uploads=Kept())
    assert await publishing.look_up(there.session, bare) is None
    assert isinstance(await publishing.look_up(there.session, bare), Published)
    assert len(there.platform.items) == 1


async def test_files_that_slack_lost_twice(at_work, duty, picture, monkeypatch):
    monkeypatch.setattr(emulator._Slack, "files_completeUploadExternal", lost)
    there = await at_work("slack")
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, duty("post", "ảnh", media=(picture(),), uploads=Kept()))
    assert raised.value.reason == "file_lost"


def lost(self, name, asked):
    raise world.Refused("file_not_found")


async def test_a_file_that_was_cut_short(at_work, duty, picture):
    there = await at_work("slack")
    cut = replace(picture(), size=12)
    with pytest.raises(Rejected) as raised:
        await publishing.publish(there.session, duty("post", "ảnh", media=(cut,), uploads=Kept()))
    assert raised.value.reason == "refused"


async def test_threads_are_flat(at_work, duty):
    there = await at_work("slack")
    head = await publishing.publish(there.session, duty("post", "đầu"))
    first = await publishing.publish(
        there.session, duty("reply", "một", reply_to=head.remote_id, root=head.remote_id)
    )
    second = await publishing.publish(
        there.session, duty("reply", "hai", reply_to=first.remote_id, root=head.remote_id)
    )
    assert second.url.endswith(f"?thread_ts={head.remote_id}&cid={there.session.remote_id}")
    page = await inbox.fetch(there.session, [head.remote_id], "")
    told = [(m.text, m.parent_id, m.own) for m in page.messages]
    assert told == [("một", "", True), ("hai", first.remote_id, True)]


async def test_without_previews(at_work, duty, monkeypatch):
    there, asked = await at_work("slack"), []
    real = emulator._Slack.chat_postMessage
    monkeypatch.setattr(emulator._Slack, "chat_postMessage", lambda s, n, a: asked.append(a) or real(s, n, a))
    again = await at_work("slack", platform=there.platform)
    await publishing.publish(again.session, duty("post", "x", options={"no_preview": "yes"}))
    await publishing.publish(again.session, duty("post", "x"))
    assert [one.get("unfurl_links") for one in asked] == ["false", None]


async def test_a_look_reads_on_and_knows_its_bounds(at_work, duty):
    there, outgoing = await at_work("slack"), duty("post", "ở sâu")
    live = await publishing.publish(there.session, outgoing)
    for number in range(450):
        there.platform.mention(there.session.remote_id, "minh", "Minh", f"chuyện {number}")
    assert await publishing.look_up(there.session, outgoing) == live
    for number in range(1600):
        there.platform.mention(there.session.remote_id, "minh", "Minh", f"nữa {number}")
    with pytest.raises(Ambiguous) as raised:
        await publishing.look_up(there.session, outgoing)
    assert raised.value.reason == "look_up_unclear"


async def test_another_apps_metadata_is_not_ours(at_work, duty):
    there, outgoing = await at_work("slack"), duty("post", "chép")
    copied = {"event_type": "kitestring_post", "event_payload": {"key": str(outgoing.key)}}
    other = {"event_type": "task_created", "event_payload": {"key": str(outgoing.key)}}
    made = Item(
        world.new_ts(there.platform),
        "hien-ca-phe",
        "chép",
        clock.now().isoformat(),
        extra={"metadata": other},
    )
    there.platform.add(made)
    mention = there.platform.mention(there.session.remote_id, "minh", "Minh", "chép")
    mention.extra["metadata"] = copied
    assert await publishing.look_up(there.session, outgoing) is None


async def test_length_is_counted_with_the_link(at_work, duty):
    there = await at_work("slack")
    publishing.check(there.session, duty("post", "🍵" * 4000))
    for outgoing in (duty("post", "🍵" * 4001), duty("post", "茶" * 4000, link="https://x.vn")):
        with pytest.raises(Rejected) as raised:
            publishing.check(there.session, outgoing)
        assert (raised.value.field, raised.value.reason) == ("text", "too_long")


async def test_an_answer_to_what_is_gone(at_work, duty):
    there = await at_work("slack")
    for gone in ("1700000000.000100", "D1:x"):
        with pytest.raises(Rejected) as raised:
            await publishing.publish(there.session, duty("reply", "x", reply_to=gone, root=""))
        assert (raised.value.field, raised.value.reason) == ("reply_to", "comment_gone")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [({"is_member": False}, "not_in_channel"), ({"is_archived": True}, "channel_archived")],
)
async def test_a_channel_that_is_closed_holds_the_account(at_work, duty, changed, reason):
    there = await at_work("slack")
    there.platform.memory["conversation"] = changed
    with pytest.raises(GrantExpired) as raised:
        await publishing.publish(there.session, duty("post", "x"))
    assert raised.value.reason == reason


async def test_a_private_answer_that_fails_holds_nothing(at_work, duty):
    there = await at_work("slack")
    with pytest.raises(Rejected) as raised:
        await publishing.publish(
            there.session, duty("message", "x", reply_to="D0GONE:1700000000.000100", root="D0GONE")
        )
    assert raised.value.field == "account"


async def test_others_words_are_not_changed(at_work, duty):
    there = await at_work("slack")
    other = there.platform.mention(there.session.remote_id, "minh", "Minh", "của tôi")
    for deed in (
        editing.edit(there.session, world.ts(other), duty("post", "x")),
        publishing.withdraw(there.session, world.ts(other)),
    ):
        with pytest.raises(Rejected) as raised:
            await deed
        assert raised.value.reason == "not_ours"


async def test_the_wait_is_the_one_slack_names(at_work, duty):
    there = await at_work("slack")
    there.faults.next(Fault("busy", after=30, at="store"))
    with pytest.raises(RetryLater) as raised:
        await publishing.publish(there.session, duty("post", "x"))
    assert raised.value.after == 30


async def test_the_token_is_in_no_log_and_no_error(at_work, duty, caplog):
    there = await at_work("slack")
    token = there.session.grant.secrets["bot_token"]
    with caplog.at_level(logging.DEBUG):
        await publishing.publish(there.session, duty("post", "x"))
        there.faults.next(Fault("html", at="store"))
        with pytest.raises(Ambiguous) as raised:
            await publishing.publish(there.session, duty("post", "x"))
    assert token not in f"{raised.value!r} {raised.value.said}"
    ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith("kitestring"))
    assert ours
    assert token not in ours


async def test_pictures_and_words_are_published_once(at_work, duty, picture):
    there = await at_work("slack")
    live = await seen_through(there.session, duty("post", "", media=(picture(),), uploads=Kept()))
    assert there.platform.items[live.remote_id].text == ""
    assert len([i for i in there.platform.items.values() if i.visible]) == 1
