"""Counting as Threads does, links and topics, threads of posts, allowances, containers that die, tokens that are renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kitestring.connectorkit.contract import Grant, Processing
from kitestring.connectorkit.counting import measure
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectors.threads import auth, inbox, metrics, moderation, publishing
from kitestring.connectors.threads.client import MANIFEST, ROWS
from kitestring.connectors.threads.quotas import QUOTAS
from kitestring.kit import clock


async def through(session, outgoing):
    outcome = await publishing.publish(session, outgoing)
    while isinstance(outcome, Processing):
        assert not outcome.handed_over
        outcome = await publishing.follow(session, replace(outgoing, handle=outcome.handle))
    return outcome


def without(session, *rights):
    kept = tuple(one for one in session.grant.scopes if one not in rights)
    return replace(session, grant=Grant(session.grant.secrets, kept, session.grant.expires_at))


@pytest.fixture
def moved():
    yield clock.move
    clock.move(timedelta(0))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Trà sen", 7),
        ("新茶", 2),
        ("🍵", 4),
        ("Trà 🍵🍵", 12),
        ("👨‍👩‍👧‍👦", 25),
        ("🇻🇳", 8),
        ("❤️", 6),
        ("", 0),
    ],
)
def test_an_emoji_counts_as_its_bytes(text, length):
    assert measure(text, MANIFEST.kind("post").text).count == length


async def test_what_threads_would_refuse_is_refused_before_a_call(at_work, duty):
    bench = await at_work("threads")
    asked = len(bench.faults.seen)
    cases = [
        (duty("post", "x" * 498 + "🍵"), "text", "too_long"),
        (duty("post", " ".join(f"https://vidu.vn/{n}" for n in range(6))), "text", "links_too_many"),
        (
            duty("post", " ".join(f"https://vidu.vn/{n}" for n in range(5)), link="https://vidu.vn/6"),
            "text",
            "links_too_many",
        ),
        (duty("post", "x", options={"topic_tag": "a.b"}), "options.topic_tag", "topic_wrong"),
        (duty("post", "x", options={"topic_tag": "t" * 51}), "options.topic_tag", "topic_wrong"),
        (duty("reply", "x", reply_to="../me"), "", "not_there"),
    ]
    for outgoing, field, reason in cases:
        with pytest.raises(Rejected) as caught:
            await publishing.publish(bench.session, outgoing)
        assert (caught.value.field, caught.value.reason) == (field, reason)
    publishing.check(bench.session, duty("post", "x" * 496 + "🍵"))
    assert len(bench.faults.seen) == asked


async def test_a_link_makes_a_card_alone_and_closes_the_text_beside_files(at_work, duty, shown):
    bench = await at_work("threads")
    link = "https://vidu.vn/tra"
    card = await through(bench.session, duty("post", "Xem", link=link, options={"topic_tag": "#trà"}))
    item = bench.platform.items[card.remote_id]
    assert (item.text, item.extra["link"], item.extra["topic"]) == ("Xem", link, "trà")
    beside = await through(bench.session, duty("post", "Xem", link=link, media=(shown(),)))
    assert bench.platform.items[beside.remote_id].text == f"Xem\n\n{link}"
    with pytest.raises(Rejected) as caught:
        publishing.check(bench.session, duty("post", "x", media=(shown(address=""),)))
    assert caught.value.reason == "needs_address"


async def test_an_answer_whose_own_answer_was_lost_is_found_among_the_answers(at_work, duty):
    bench = await at_work("threads")
    head = await through(bench.session, duty("post", "Một"))
    part = duty("reply", "Hai", reply_to=head.remote_id, root=head.remote_id)
    first = await publishing.publish(bench.session, part)
    known = replace(part, handle=first.handle)
    bench.faults.next(Fault("drop_after", at="store"))
    with pytest.raises(Ambiguous):
        await publishing.follow(bench.session, known)
    found = await publishing.look_up(bench.session, known)
    assert bench.platform.items[found.remote_id].parent == head.remote_id
    assert await publishing.publish(bench.session, known) == found  # said again, it is the same answer


async def test_an_answer_to_what_is_gone_says_so(at_work, duty):
    bench = await at_work("threads")
    with pytest.raises(Rejected) as caught:
        await publishing.publish(bench.session, duty("reply", "Ơ", reply_to="99", root="99"))
    assert (caught.value.field, caught.value.reason) == ("reply_to", "deleted")


async def test_posts_and_answers_have_allowances_of_their_own(at_work, duty):
    bench = await at_work("threads")
    bench.platform.memory["limits"] = {"posts": 1, "replies": 1}
    head = await through(bench.session, duty("post", "Một"))
    with pytest.raises(RetryLater) as caught:
        await through(bench.session, duty("post", "Hai"))
    assert caught.value.reason == "quota_used"
    await through(bench.session, duty("reply", "Ba", reply_to=head.remote_id, root=head.remote_id))
    told = await bench.power.diagnostics.examine(bench.session)
    assert told.left == {"posts": 0, "replies": 0, "deletions": 100}
    assert [finding.reason for finding in told.findings] == ["health_good", "quota_used"]
    assert set(QUOTAS) == {quota.key for quota in MANIFEST.quotas}


async def test_a_container_dies_after_a_day_and_is_made_anew(at_work, duty, moved):
    bench = await at_work("threads")
    outgoing = duty("post", "Trà")
    first = await publishing.publish(bench.session, outgoing)
    known = replace(outgoing, handle=first.handle)
    moved(timedelta(hours=25))
    with pytest.raises(RetryLater) as caught:
        await publishing.follow(bench.session, known)
    assert caught.value.reason == "container_expired"
    assert (await publishing.publish(bench.session, known)).handle != first.handle


async def test_a_token_is_renewed_when_it_is_a_day_old_and_not_before(at_work, moved):
    bench = await at_work("threads")
    assert await auth.renew(bench.session) is bench.session.grant
    moved(timedelta(days=2))
    renewed = await auth.renew(bench.session)
    assert renewed.expires_at > bench.session.grant.expires_at
    assert renewed.scopes == bench.session.grant.scopes
    moved(timedelta(days=61))
    with pytest.raises(GrantExpired):
        await auth.renew(bench.session)


async def test_what_was_declined_is_not_asked_for(at_work, duty):
    bench = await at_work("threads")
    done = await through(bench.session, duty("post", "Trà"))
    bench.platform.comment(done.remote_id, "lan", "Lan", "Giá?")
    bench.platform.mention(bench.session.remote_id, "ha", "Hà", "Ghé đi")
    bare = without(
        bench.session,
        "threads_read_replies",
        "threads_manage_mentions",
        "threads_manage_insights",
        "threads_delete",
    )
    assert (await inbox.fetch(bare, [done.remote_id], "")).messages == []
    readings = [*await metrics.read(bare, [done.remote_id]), *await metrics.account(bare)]
    assert {reading.why for reading in readings} == {"insights_declined"}
    with pytest.raises(Rejected) as caught:
        await publishing.withdraw(bare, done.remote_id)
    assert caught.value.reason == "delete_declined"
    assert done.remote_id in bench.platform.items


async def test_a_long_conversation_is_read_page_by_page_with_its_shape(at_work, duty):
    bench = await at_work("threads")
    done = await through(bench.session, duty("post", "Trà"))
    first = bench.platform.comment(done.remote_id, "lan", "Lan", "0")
    for number in range(1, 120):
        bench.platform.comment(first.id, "minh", "Minh", str(number))
    page = await inbox.fetch(bench.session, [done.remote_id], "")
    assert {message.text for message in page.messages} == {str(number) for number in range(120)}
    assert {message.parent_id for message in page.messages} == {"", first.id}
    await moderation.hide(bench.session, first.id, True)
    again = await inbox.fetch(bench.session, [done.remote_id], "")
    assert [message.text for message in again.messages if message.hidden] == ["0"]
    with pytest.raises(Rejected) as caught:
        await moderation.hide(bench.session, "99", True)
    assert caught.value.reason == "gone"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code}-{row.subcode or row.words}")
def test_every_reason_has_its_sentence(row):
    assert has_sentence(row.reason, MANIFEST)
