"""Sequences: parts that answer each other in order, each under its own key, each found, sent once, and taken back alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.emulation import Fault, Item
from kitestring.connectorkit.errors import Ambiguous
from kitestring.connectorkit.sequences import Role

WORDS = ("Phần hai: 第二段, trà mới.", "Phần ba: 第三段, hết.", "Địa chỉ quán ở đây nhé 地址")


def _roles(bench: Bench) -> Iterator[Role]:
    """What follows the head on this channel: two parts where it carries sequences, a comment where it takes one."""
    if bench.manifest.sequence:
        yield "part"
        yield "part"
    if bench.manifest.first_comment:
        yield "comment"


async def _head(bench: Bench, session: Session) -> tuple[Published, Item]:
    kind = bench.manifest.kinds_for(session.account_type)[0]
    done = await bench.publish(session, samples.outgoing(kind, bench.folder))
    return done, _item(bench, done)


def _item(bench: Bench, done: Published) -> Item:
    item = bench.platform.items.get(done.remote_id)
    if item is None:
        raise Nonconforming(f"the platform has no item {done.remote_id!r}")
    return item


def _duty(bench: Bench, words: str, before: Published, head: Published) -> Outgoing:
    """A later part exactly as the ledger hands it over: words and language, what it answers, what it grew from."""
    duty = samples.outgoing(bench.manifest.kind("reply"), bench.folder, text=words, pictures=0)
    return replace(duty, reply_to=before.remote_id, root=head.remote_id)


async def a_sequence_in_order(bench: Bench) -> None:
    """Head, parts, comment: each answers what it should, appears once, and is found by a look under its own key."""
    async with bench.session() as session:
        head, first = await _head(bench, session)
        before, above = head, first
        for role, words in zip(_roles(bench), WORDS, strict=False):
            wanted, under = (head, first) if role == "comment" else (before, above)
            duty = _duty(bench, words, wanted, head)
            there = len(bench.live())
            if bench.looks_up:
                expect(
                    await bench.publishing.look_up(session, bench.known(duty)) is None,
                    f"{role}: found before it was sent",
                )
            done = await bench.publish(session, duty)
            item = _item(bench, done)
            expect(len(bench.live()) == there + 1, f"{role}: {len(bench.live()) - there} items for one part")
            expect(item.parent == under.id, f"{role}: it answers {item.parent!r}, not {under.id!r}")
            expect(item.root == first.id, f"{role}: it hangs on {item.root!r}, not on the head")
            if bench.looks_up:
                found = await bench.finish(
                    session, duty, await bench.publishing.look_up(session, bench.known(duty))
                )
                expect(found.remote_id == done.remote_id, f"{role}: its own key finds another post")
            if role == "part":
                before, above = done, item


async def a_part_unheard(bench: Bench) -> None:
    """A part that is live, its answer lost: Ambiguous; a look adopts it, and the head stays as it was."""
    async with bench.session() as session:
        head, first = await _head(bench, session)
        for words in WORDS[: len(list(_roles(bench)))]:
            duty = _duty(bench, words, head, head)
            there = len(bench.live())
            bench.faults.next(Fault("drop_after", at="store"))
            await bench.raises(Ambiguous, bench.publish(session, duty))
            bench.faults.clear()
            if bench.looks_up:
                await bench.finish(session, duty, await bench.publishing.look_up(session, bench.known(duty)))
            expect(len(bench.live()) == there + 1, f"one part, {len(bench.live()) - there} items")
            expect(first.id in bench.platform.items, "the head is gone")


async def a_part_twice(bench: Bench) -> None:
    """A channel with its own key: the same part sent again is the same post."""
    async with bench.session() as session:
        head, _ = await _head(bench, session)
        duty = _duty(bench, WORDS[0], head, head)
        one, two = await bench.publish(session, duty), await bench.publish(session, duty)
        expect(one.remote_id == two.remote_id, "one key, two remote ids")
        expect(len(bench.live()) == 2, f"head and part, {len(bench.live())} items")


async def takes_back_parts(bench: Bench) -> None:
    """Withdrawn last first, each part goes alone; one that is gone already is fine."""
    async with bench.session() as session:
        head, _ = await _head(bench, session)
        sent, before = [head], head
        for role, words in zip(_roles(bench), WORDS, strict=False):
            done = await bench.publish(
                session, _duty(bench, words, head if role == "comment" else before, head)
            )
            sent, before = [*sent, done], done
        while sent:
            await bench.publishing.withdraw(session, sent[-1].remote_id)
            await bench.publishing.withdraw(session, sent.pop().remote_id)
            expect(len(bench.live()) == len(sent), f"{len(sent)} should be left, {len(bench.live())} are")
