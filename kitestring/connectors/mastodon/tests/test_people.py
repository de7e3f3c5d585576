"""Who names the account and who writes to it privately; what is an answer is no mention beside it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing, Published
from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon import inbox, publishing
from kitestring.connectors.mastodon.incoming import words
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def test_an_answer_is_an_answer_and_not_a_mention_as_well(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    first = bench.platform.comment(post, "lan_anh", "Lan Anh", "Mấy giờ?")
    answer = await publishing.publish(bench.session, duty("reply", "7 giờ", reply_to=first.id, root=post))
    bench.platform.comment(answer.remote_id, "lan_anh", "Lan Anh", "Cảm ơn")
    bench.platform.mention(bench.session.remote_id, "minh", "Minh", "Ghé @hien_ca_phe đi")
    page = await inbox.fetch(bench.session, [post], "")
    told = [(one.kind, one.text) for one in page.messages if not one.own]
    assert sorted(told) == [
        ("comment", "Cảm ơn"),
        ("comment", "Mấy giờ?"),
        ("mention", "Ghé @hien_ca_phe đi"),
    ]
    # The thread is not watched any more: what is written there still reaches somebody.
    bench.platform.comment(answer.remote_id, "lan_anh", "Lan Anh", "Mai nhé")
    later = await inbox.fetch(bench.session, [], page.cursor)
    assert ("mention", "Mai nhé") in [(one.kind, one.text) for one in later.messages]


async def test_a_private_talk_is_read_whole_and_answered_where_it_is(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    us = bench.session.remote_id
    bench.platform.message(us, "lan_anh", "Lan Anh", "Còn bàn không?")
    bench.platform.message(us, "lan_anh", "Lan Anh", "Cho 4 người")
    bench.platform.message(us, "minh", "Minh", "Alo")
    page = await inbox.fetch(bench.session, [], "")
    assert {one.kind for one in page.messages} == {"message"}
    talk = [one for one in page.messages if one.author_name == "Lan Anh"]
    assert [one.text for one in talk] == ["Còn bàn không?", "Cho 4 người"]
    assert len({one.thread for one in page.messages}) == 2
    sent = await publishing.publish(
        bench.session, duty("message", "Còn ạ", reply_to=talk[-1].remote_id, root=talk[-1].thread)
    )
    item = bench.platform.items[sent.remote_id]
    assert (item.text, item.extra["visibility"], item.root) == ("@lan_anh Còn ạ", "direct", "lan_anh")
    more = await publishing.publish(bench.session, duty("message", "Mời chị", reply_to=sent.remote_id))
    assert bench.platform.items[more.remote_id].text.endswith("Mời chị")
    again = await inbox.fetch(bench.session, [], page.cursor)
    ours = [one.text for one in again.messages if one.own and one.thread == talk[0].thread]
    assert ours == ["Còn ạ", "Mời chị"]


async def test_a_message_under_our_post_is_private(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    asked = bench.platform.comment(post, "lan_anh", "Lan Anh", "Chỉ nói riêng thôi")
    asked.extra["visibility"] = "direct"
    page = await inbox.fetch(bench.session, [post], "")
    assert [one for one in page.messages if one.kind == "comment"] == []


async def test_a_server_without_conversations_still_brings_messages(
    at_work: AtWork, monkeypatch: Any
) -> None:
    bench = await at_work("mastodon")
    bench.platform.message(bench.session.remote_id, "lan_anh", "Lan Anh", "Alo?")

    async def none(*_: object) -> None:
        return None

    monkeypatch.setattr(inbox.talks, "fetch", none)
    [message] = (await inbox.fetch(bench.session, [], "")).messages
    assert (message.kind, message.text, message.thread) == ("message", "Alo?", message.author_id)


async def test_a_token_without_notifications_reads_the_rest(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    bench.platform.comment(post, "lan_anh", "Lan Anh", "Mấy giờ?")
    bench.platform.memory["scopes"] = {"hien-ca-phe": ["read:statuses", "write"]}
    page = await inbox.fetch(bench.session, [post], "")
    assert [one.text for one in page.messages] == ["Mấy giờ?"]


async def test_what_is_long_past_does_not_come_in_at_the_first_look_nor_twice_later(at_work: AtWork) -> None:
    bench = await at_work("mastodon")
    us, old = bench.session.remote_id, (clock.now() - timedelta(days=9)).isoformat()
    bench.platform.add(Item("7", "cu", "Ngày xưa", old, kind="mention", extra={"of": us}))
    recent = (clock.now() - timedelta(days=2)).isoformat()
    bench.platform.add(Item("8", "moi", "Hôm kia", recent, kind="mention", extra={"of": us}))
    first = await inbox.fetch(bench.session, [], "")
    assert [one.text for one in first.messages] == ["Hôm kia"]
    bench.platform.mention(us, "nay", "Nay", "Hôm nay")
    second = await inbox.fetch(bench.session, [], first.cursor)
    third = await inbox.fetch(bench.session, [], second.cursor)
    assert "Hôm kia" not in [one.text for one in third.messages]


async def test_an_older_cursor_is_still_understood(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    post = (await publishing.publish(bench.session, duty("post", "Mở cửa"))).remote_id
    asked = bench.platform.comment(post, "lan_anh", "Lan Anh", "Mấy giờ?")
    told = json.dumps({post: {"to": asked.at, "ids": [asked.id]}})
    page = await inbox.fetch(bench.session, [post], told)
    assert page.messages == []
    assert (await inbox.fetch(bench.session, [post], "no json")).messages != []


def test_words_of_a_post_without_words() -> None:
    picture = {"content": "", "media_attachments": [{"type": "image"}, {"type": "gifv"}]}
    assert words(picture) == "📷🎞️"
    assert words({"content": "<p>Nóng</p>", "spoiler_text": "Trà"}) == "Trà\n\nNóng"
    assert words({"content": "", "poll": {"id": "1"}}) == "📊"
    assert words({"content": "<p>@hien</p>", "mentions": [{"acct": "hien@x.vn"}]}) == ""


async def test_a_message_too_long_with_the_name(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("mastodon")
    bench.platform.message(bench.session.remote_id, "lan_anh", "Lan Anh", "Alo")
    [asked] = (await inbox.fetch(bench.session, [], "")).messages
    fits = duty("message", "x" * 491, reply_to=asked.remote_id)
    assert isinstance(await publishing.publish(bench.session, fits), Published)
    again = replace(duty("message", "x" * 492), reply_to=asked.remote_id)
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, again)
    assert caught.value.reason == "too_long"
