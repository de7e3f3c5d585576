"""Private messages: only where the grant opens them, read once, found again by their words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kitestring.connectorkit.contract import Outgoing, Published
from kitestring.connectorkit.emulation import Fault, Platform
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bluesky import diagnostics, inbox, messages, publishing
from kitestring.connectors.bluesky.client import chat
from kitestring.kit import clock

AtWork = Callable[..., Awaitable[Any]]
Duty = Callable[..., Outgoing]


async def test_an_app_password_without_messages_says_so_and_still_reads_comments(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("bluesky", app_password="plain-hien-ca-phe")
    assert bench.connected.capabilities == {"messages": "messages_closed"}
    assert not messages.allowed(bench.session.grant)
    bench.platform.message(bench.session.remote_id, "lan", "Lan", "Còn bàn không?")
    done = await publishing.publish(bench.session, duty("post", "Mở cửa"))
    assert isinstance(done, Published)
    bench.platform.comment(done.remote_id, "lan", "Lan", "Mấy giờ?")
    bench.faults.seen.clear()
    page = await inbox.fetch(bench.session, [done.remote_id], "")
    assert [m.text for m in page.messages] == ["Mấy giờ?"]
    assert not [seen for seen in bench.faults.seen if "chat.bsky" in seen.path]
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("message", "Dạ còn", reply_to="1", root="lan"))
    assert caught.value.reason == "messages_closed"
    with pytest.raises(Rejected) as caught:  # and the server itself would say so without ending anything
        await chat(bench.session).ask("chat.bsky.convo.listConvos")
    assert caught.value.reason == "scope_missing"
    assert {f.reason for f in (await diagnostics.examine(bench.session)).findings} == {"health_good"}


async def test_many_talks_and_many_messages_come_in_by_pages(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    for person in range(130):
        bench.platform.message(bench.session.remote_id, f"khach{person}", f"Khách {person}", "Chào")
    first = await inbox.fetch(bench.session, [], "")
    assert len({m.thread for m in first.messages}) == 130
    for number in range(150):
        bench.platform.message(bench.session.remote_id, "khach7", "Khách 7", f"câu {number}")
    second = await inbox.fetch(bench.session, [], first.cursor)
    assert [m.text for m in second.messages] == [f"câu {number}" for number in range(150)]
    assert (await inbox.fetch(bench.session, [], second.cursor)).messages == []


async def test_a_lost_answer_is_found_by_its_words_and_an_older_one_is_not(
    at_work: AtWork, duty: Duty
) -> None:
    late = timedelta(0)
    bench = await at_work("bluesky", platform=Platform(clock=lambda: clock.now() + late))
    came = bench.platform.message(bench.session.remote_id, "lan", "Lan", "Còn bàn không?")
    late = timedelta(minutes=-10)
    bench.platform.message(bench.session.remote_id, bench.session.remote_id, "", "Dạ còn ạ").root = "lan"
    late = timedelta(0)
    sent = duty("message", "Dạ còn ạ", reply_to=came.id, root="lan")
    assert await publishing.look_up(bench.session, sent) is None
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(bench.session, sent)
    found = await publishing.look_up(bench.session, sent)
    assert isinstance(found, Published)
    assert bench.platform.items[found.remote_id].text == "Dạ còn ạ"


@pytest.mark.parametrize("came", ["drop_before", "drop_after"])
async def test_the_same_words_twice_are_two_messages(at_work: AtWork, duty: Duty, came: str) -> None:
    """The answer to the second is lost: the first is not taken for it, whether the second arrived or not."""
    bench = await at_work("bluesky")
    asked = [
        bench.platform.message(bench.session.remote_id, "lan", "Lan", words).id
        for words in ("Còn bàn không?", "Alo?")
    ]
    thanks = [duty("message", "Cảm ơn chị!", reply_to=one, root="lan") for one in asked]
    first = await publishing.publish(bench.session, thanks[0])
    assert isinstance(first, Published)
    bench.faults.next(Fault(came, at="store"))
    with pytest.raises(Ambiguous):
        await publishing.publish(bench.session, thanks[1])
    found = await publishing.look_up(bench.session, thanks[1])
    if came == "drop_before":
        assert found is None
        found = await publishing.publish(bench.session, thanks[1])
    assert isinstance(found, Published)
    assert found.remote_id != first.remote_id
    assert await publishing.look_up(bench.session, thanks[0]) == first
    assert await publishing.look_up(bench.session, thanks[1]) == found


async def test_equal_words_from_before_the_message_answered_are_not_this_answer(
    at_work: AtWork, duty: Duty
) -> None:
    """Also where the process that sent it is gone."""
    bench = await at_work("bluesky")
    one = bench.platform.message(bench.session.remote_id, "lan", "Lan", "Còn bàn không?")
    thanks = duty("message", "Cảm ơn chị!", reply_to=one.id, root="lan")
    await publishing.publish(bench.session, thanks)
    two = bench.platform.message(bench.session.remote_id, "lan", "Lan", "Alo?")
    messages._before.clear()
    again = duty("message", "Cảm ơn chị!", reply_to=two.id, root="lan")
    assert await publishing.look_up(bench.session, again) is None
    assert await publishing.look_up(bench.session, thanks) is not None


async def test_a_talk_that_is_gone_is_refused_in_words(at_work: AtWork, duty: Duty) -> None:
    bench = await at_work("bluesky")
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("message", "Dạ", reply_to="1", root="nobody"))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "cannot_reply")


async def test_a_chat_service_that_is_down_keeps_no_comment_from_coming_in(
    at_work: AtWork, duty: Duty
) -> None:
    bench = await at_work("bluesky")
    done = await publishing.publish(bench.session, duty("post", "Mở cửa"))
    assert isinstance(done, Published)
    bench.platform.comment(done.remote_id, "lan", "Lan", "Mấy giờ?")
    before = await inbox.fetch(bench.session, [], "")
    bench.platform.message(bench.session.remote_id, "lan", "Lan", "Alô?")
    bench.faults.next(Fault("down", skip=3))  # posts, thread, notifications pass
    page = await inbox.fetch(bench.session, [done.remote_id], before.cursor)
    assert [m.text for m in page.messages] == ["Mấy giờ?"]
    after = await inbox.fetch(bench.session, [], page.cursor)
    assert [m.text for m in after.messages] == ["Alô?"]


async def test_by_consent_the_scopes_say_whether_messages_are_open(at_work: AtWork) -> None:
    bench = await at_work("bluesky")
    grant = replace(bench.session.grant, secrets={"access_token": "t"}, scopes=("atproto",))
    assert not messages.allowed(grant)
    assert messages.allowed(replace(grant, scopes=("atproto", "transition:chat.bsky")))
