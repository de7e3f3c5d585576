"""Tags on people: made, renamed, put on somebody, taken off, dropped; refused in words; safe to do twice."""

from __future__ import annotations

from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.conformance.reading import QUESTION
from kitestring.connectorkit.conformance.tending import _came
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected
from kitestring.connectorkit.powers import Tags


def _of(bench: Bench) -> Tags:
    tags = bench.connector.tags
    if tags is None:
        raise Nonconforming("[tags] and tags.py go together")
    return tags


async def _named(tags: Tags, session: Session) -> dict[str, str]:
    return {one.name: one.key for one in await tags.all(session)}


async def tags_are_made_and_put_on_people(bench: Bench) -> None:
    """A tag is made once, renamed, put on a person who wrote, taken off, dropped; each twice does no harm."""
    tags = _of(bench)
    async with bench.session() as session:
        bench.platform.message(session.remote_id, "lan-anh", "Lan Anh", QUESTION)
        came, _cursor = await _came(bench, session, "")
        person = next(one.author_id for one in came if not one.own)
        made = await tags.make(session, "熟客")
        expect((await tags.make(session, "熟客")).key == made.key, "the same name made two tags")
        expect((await _named(tags, session)).get("熟客") == made.key, "it is not in the list")
        for _ in range(2):
            await tags.rename(session, made.key, "Khách quen")
        expect((await _named(tags, session)).get("Khách quen") == made.key, "it has its old name")
        for wanted in (True, True, False, False):
            await (tags.put_on if wanted else tags.take_off)(session, made.key, person)
            expect(
                (made.key in await tags.of(session, person)) is wanted, f"on the person: should be {wanted}"
            )
        await tags.put_on(session, made.key, person)
        for _ in range(2):
            await tags.drop(session, made.key)
        expect(made.key not in (await _named(tags, session)).values(), "it is still there")
        expect(made.key not in await tags.of(session, person), "the person has it still")
        await bench.raises(Rejected, tags.put_on(session, made.key, person))
        await bench.raises(Rejected, tags.of(session, "nobody-at-all"))


async def a_tag_meets_trouble(bench: Bench) -> None:
    """A name that is none is refused before it leaves; a lost answer is unclear, and doing it again puts it right."""
    tags, facts = _of(bench), bench.manifest.tags
    async with bench.session() as session:
        before = len(bench.faults.seen)
        for name in ("", "  ", "茶" * ((facts.label.limit if facts else 0) + 1)):
            await bench.raises(Rejected, tags.make(session, name))
        expect(len(bench.faults.seen) == before, "it was asked of the channel all the same")
        bench.faults.next(Fault("drop_after", at="store"))
        await bench.raises(Ambiguous, tags.make(session, "熟客"))
        made = await tags.make(session, "熟客")
        expect(
            [one.key for one in await tags.all(session) if one.name == "熟客"] == [made.key], "there are two"
        )
        bench.faults.always(Fault("unauthorized"))
        await bench.raises(GrantExpired, tags.all(session))
