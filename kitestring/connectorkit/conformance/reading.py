"""What comes back: comments since the cursor, our answers among them, and counts with the field they came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.conformance.garbled import never_absent
from kitestring.connectorkit.contract import Incoming, Outgoing, Session
from kitestring.connectorkit.emulation import COUNTS, Fault
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectorkit.manifest import MetricFact
from kitestring.connectorkit.powers import Inbox, Metrics
from kitestring.kit import clock

QUESTION = "Mấy giờ mở cửa? 几点开门？ <b>&amp;</b>"
THANKS = "Cảm ơn nhé"
GREETING = "Chào quán"


def inbox_of(bench: Bench) -> Inbox:
    found = bench.connector.inbox
    if found is None:
        raise Nonconforming("there is no inbox.py")
    return found


def metrics_of(bench: Bench) -> Metrics:
    found = bench.connector.metrics
    if found is None:
        raise Nonconforming("there is no metrics.py")
    return found


def _commentable(bench: Bench, session: Session) -> str:
    """The kind of publishing used here: the first the account has."""
    return bench.manifest.kinds_for(session.account_type)[0].key


async def comments_come_in(bench: Bench) -> None:
    """Plain text, who, when, on which post; the next fetch brings what is new and little of what was read.

    A fetch may repeat the last half hour (a channel may list late); the engine knows each message by its id.
    """
    async with bench.session() as session:
        kind = bench.manifest.kind(_commentable(bench, session))
        done = await bench.publish(session, samples.outgoing(kind, bench.folder))
        posts = [done.remote_id]
        empty = await inbox_of(bench).fetch(session, posts, "")
        expect(not empty.messages, f"messages on a new post: {empty.messages}")
        bench.moved += timedelta(minutes=1)
        bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", QUESTION)
        first = await inbox_of(bench).fetch(session, posts, empty.cursor)
        expect([m.text for m in first.messages] == [QUESTION], f"read as {[m.text for m in first.messages]}")
        _sound(first.messages[0], done.remote_id)
        bench.moved += timedelta(minutes=40)
        session = await still_good(bench, session)
        bench.platform.comment(done.remote_id, "minh", "Minh", THANKS)
        second = await inbox_of(bench).fetch(session, posts, first.cursor)
        expect(THANKS in [m.text for m in second.messages], "a new comment is missed")
        bench.moved += timedelta(minutes=40)
        session = await still_good(bench, session)
        bench.platform.comment(done.remote_id, "ha", "Hà", GREETING)
        third = await inbox_of(bench).fetch(session, posts, second.cursor)
        texts = [m.text for m in third.messages]
        expect(GREETING in texts and QUESTION not in texts, f"the cursor does not hold: {texts}")
        ids = {m.remote_id for m in (*first.messages, *second.messages, *third.messages)}
        expect(len(ids) == 3, f"three messages, {len(ids)} remote ids")
        bench.faults.next(Fault("html"))
        await bench.raises(RetryLater, inbox_of(bench).fetch(session, posts, second.cursor))


async def an_odd_row_costs_only_itself(bench: Bench) -> None:
    """Rows that are of no use among the comments: the others come in, and nothing stumbles."""
    async with bench.session() as session:
        kind = bench.manifest.kind(_commentable(bench, session))
        done = await bench.publish(session, samples.outgoing(kind, bench.folder))
        first = await inbox_of(bench).fetch(session, [done.remote_id], "")
        bench.moved += timedelta(minutes=1)
        bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", QUESTION)
        bench.moved += timedelta(minutes=1)
        session = await still_good(bench, session)
        bench.faults.always(Fault("odd_rows"))
        try:
            page = await inbox_of(bench).fetch(session, [done.remote_id], first.cursor)
        except Exception as error:
            raise Nonconforming(f"odd rows keep everybody's words out: {error!r}") from error
        bench.faults.clear()
        texts = [m.text for m in page.messages]
        expect(QUESTION in texts, f"beside odd rows it brings {texts}")


async def comments_come_in_by_part(bench: Bench) -> None:
    """Where a part of the posts may be asked about, nothing is lost under the others: it is found in their turn."""
    async with bench.session() as session:
        kind = bench.manifest.kind(_commentable(bench, session))
        young, old = [
            (await bench.publish(session, samples.outgoing(kind, bench.folder, text=text))).remote_id
            for text in ("Trà sen, ly thứ nhất", "Trà sen, ly thứ hai")
        ]
        begun = await inbox_of(bench).fetch(session, [young, old], "")
        bench.moved += timedelta(minutes=1)
        bench.platform.comment(old, "lan-anh", "Lan Anh", QUESTION)
        bench.moved += timedelta(minutes=40)
        session = await still_good(bench, session)
        bench.platform.comment(young, "minh", "Minh", THANKS)
        first = await inbox_of(bench).fetch(session, [young], begun.cursor)
        texts = [m.text for m in first.messages]
        expect(texts == [THANKS], f"asked about one post of two, it brings {texts}")
        second = await inbox_of(bench).fetch(session, [old], first.cursor)
        expect(QUESTION in [m.text for m in second.messages], "a comment under a post left out once is lost")


async def still_good(bench: Bench, session: Session) -> Session:
    """The session with a grant that holds, as the engine keeps one: renewed where its end has come."""
    end = session.grant.expires_at
    if end is None or end > clock.now():
        return session
    return replace(session, grant=await bench.auth.renew(session))


def _sound(message: Incoming, post: str) -> None:
    expect(message.post_remote_id == post, f"it hangs on {message.post_remote_id!r}")
    expect(message.remote_id and message.author_id and message.author_name, f"who wrote it? {message}")
    expect(not message.own, "somebody else's words are marked as ours")
    expect(message.at.tzinfo is not None, "its time has no zone")


async def answers_go_out(bench: Bench) -> None:
    """A reply lands under what it answers, once, also when its answer is lost; and it comes in marked as ours."""
    async with bench.session() as session:
        kind = bench.manifest.kind(_commentable(bench, session))
        done = await bench.publish(session, samples.outgoing(kind, bench.folder))
        comment = bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", QUESTION)
        [asked] = (await inbox_of(bench).fetch(session, [done.remote_id], "")).messages
        duty = replace(
            samples.outgoing(bench.manifest.kind("reply"), bench.folder, text="Quán mở từ 7 giờ sáng."),
            reply_to=asked.remote_id,
            root=done.remote_id,
        )
        bench.faults.next(Fault("drop_after", at="store"))
        try:
            await bench.publish(session, duty)
        except Exception as error:
            if type(error).__name__ != "Ambiguous":
                raise
        bench.faults.clear()
        if bench.looks_up:
            await never_absent(bench, session, duty)
            await bench.finish(session, duty, await bench.publishing.look_up(session, bench.known(duty)))
        below = [i for i in bench.platform.comments(done.remote_id) if i.parent == comment.id]
        expect(len(below) == 1, f"{len(below)} answers under the comment")
        bench.moved += timedelta(minutes=1)
        page = await inbox_of(bench).fetch(session, [done.remote_id], "")
        own = [m.text for m in page.messages if m.own]
        expect(own == [] or own == [duty.text], f"our answer reads {own}")
        expect(duty.text not in [m.text for m in page.messages if not m.own], "our answer looks like theirs")


async def answers_as_often_as_told(bench: Bench) -> None:
    """One comment takes as many answers as the manifest says, and no more; where it says nothing, more than one.

    A limit that is not declared is met by the person only after their words have left.
    """
    window = bench.manifest.reply_window
    allowed = window.replies if window else None
    async with bench.session() as session:
        kind = bench.manifest.kind(_commentable(bench, session))
        done = await bench.publish(session, samples.outgoing(kind, bench.folder))
        comment = bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", QUESTION)
        [asked] = (await inbox_of(bench).fetch(session, [done.remote_id], "")).messages
        for number in range(allowed or 2):
            await bench.publish(session, _answer(bench, asked, f"{THANKS} {number}"))
        if allowed is not None:
            further = _answer(bench, asked, f"{THANKS} {allowed}")
            await bench.raises(Rejected, bench.publish(session, further))
        below = [i for i in bench.platform.comments(done.remote_id) if i.parent == comment.id]
        expect(len(below) == (allowed or 2), f"{len(below)} answers under the comment")


def _answer(bench: Bench, asked: Incoming, text: str) -> Outgoing:
    duty = samples.outgoing(bench.manifest.kind("reply"), bench.folder, text=text)
    return replace(duty, reply_to=asked.remote_id, root=asked.post_remote_id)


async def counts_are_read(bench: Bench) -> None:
    """Every metric of the manifest is read from the field it names; what is not there is None with a reason."""
    facts: dict[str, MetricFact] = {fact.key: fact for fact in bench.manifest.metrics}
    async with bench.session() as session:
        kind = bench.manifest.kind(_commentable(bench, session))
        done = await bench.publish(session, samples.outgoing(kind, bench.folder))
        wanted = {}
        for number, key in enumerate(key for key in COUNTS if key in facts):
            wanted[key] = bench.platform.count(done.remote_id, key, 3 + number)
        bench.platform.comment(done.remote_id, "lan-anh", "Lan Anh", QUESTION)
        if "replies" in facts:
            wanted["replies"] = 1
        bench.moved += timedelta(days=2)
        bench.faults.clear()
        connected = await bench.connect()
        async with bench.session(connected) as later:
            if told_by_inbox := any(fact.by_inbox for fact in facts.values()):
                page = await inbox_of(bench).fetch(later, [done.remote_id], "")
                later = replace(later, cursor=page.cursor)
            readings = await metrics_of(bench).read(later, [done.remote_id])
            for reading in readings:
                expect(reading.metric in facts, f"{reading.metric!r} is no metric of the manifest")
                expect(
                    reading.field == facts[reading.metric].field, f"{reading.metric}: from {reading.field!r}"
                )
                expect(reading.remote_id == done.remote_id, "a reading of another post")
            told = {r.metric: r.value for r in readings}
            expect(
                told == {**wanted, **{k: told.get(k) for k in set(facts) - set(wanted)}},
                f"{told} != {wanted}",
            )
            bench.platform.remove(done.remote_id)
            for reading in await metrics_of(bench).read(later, [done.remote_id]):
                gone = reading.value is None and reading.why
                expect(gone or told_by_inbox, f"a number for a post that is gone: {reading}")
                bench.worded(reading.why or "not_there")
            bench.faults.next(Fault("html"))
            await bench.raises(RetryLater, metrics_of(bench).read(later, [done.remote_id]))
