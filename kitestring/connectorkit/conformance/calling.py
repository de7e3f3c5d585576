"""Callbacks: genuine ones name what is under way, and nothing that anybody could have made up is taken for one."""

from __future__ import annotations

from dataclasses import replace

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.conformance.reading import QUESTION
from kitestring.connectorkit.contract import Incoming, Outgoing, Processing, Session
from kitestring.connectorkit.hooks import Door, Hooks, Knock, packed, unpacked
from kitestring.connectorkit.manifest import HookFacts


async def callbacks_name_what_is_under_way(bench: Bench) -> None:
    """What the channel pushes when it is done names the handle that was stored, by the names the connector gives it."""
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        for kind in bench.manifest.kinds_for(session.account_type):
            if facts.kinds and kind.key not in facts.kinds:
                continue
            duty = samples.outgoing(kind, bench.folder)
            handle = await handed_over(bench, session, duty)
            if not handle:
                continue
            expect(hooks.names(handle), f"{kind.key}: what was handed over has no name in a callback")
            door = door_of(session, facts)
            named: set[str] = set()
            for knock in bench.emulator.pushes(bench.platform, door.secrets):
                heard = hooks.verify(knock, door)
                if heard is None:
                    raise Nonconforming(f"{kind.key}: a genuine callback is refused")
                named |= set(heard.about)
            expect(named & set(hooks.names(handle)), f"{kind.key}: {named} names not {handle}")
    expect(not hooks.names(""), "what has no handle has a name")


async def forged_callbacks_are_nothing(bench: Bench) -> None:
    """With another secret, another body or no signature it is None; no noise makes it raise."""
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        door = door_of(session, facts)
        if facts.brings:
            somebody_writes(bench, session, facts.brings[0], await _live(bench, session, facts))
        else:
            await handed_over(bench, session, samples.outgoing(kind, bench.folder))
        (good,) = bench.emulator.pushes(bench.platform, door.secrets)
        expect(hooks.verify(good, door) is not None, "a genuine callback is refused")
        for name in door.secrets:
            other = replace(door, secrets={**door.secrets, name: "x" * len(door.secrets[name])})
            expect(hooks.verify(good, other) is None, f"taken although {name} is another one")
        for name in door.keys:
            for wrong in ("x" * len(door.keys[name]), ""):
                other = replace(door, keys={**door.keys, name: wrong})
                expect(hooks.verify(good, other) is None, f"taken although {name} is {wrong!r}")
        for noise in (b"", b"\x00\xff" * 50, b"<xml>" * 1000, b'{"a":' * 1000):
            for query in ({}, dict.fromkeys(good.query, "x"), dict.fromkeys(good.query, "☃")):
                for method in ("GET", "POST"):
                    forged = Knock(method, query, good.headers, noise)
                    expect(hooks.verify(forged, door) is None, f"taken: {forged}")


async def callbacks_bring_what_people_write(bench: Bench) -> None:
    """A genuine call carries the words, who, when and where they stand, once; a body changed on its way carries nothing.

    The same call once more brings the same remote ids; where the channel can be asked too, so does a fetch.
    """
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        door, post = door_of(session, facts), await _live(bench, session, facts)
        for sort in facts.brings:
            somebody_writes(bench, session, sort, post)
            knocks = list(bench.emulator.pushes(bench.platform, door.secrets))
            brought = [one for knock in knocks for one in _brought(hooks, knock, door)]
            brought = await _introduced(bench, session, brought)
            expect([m.text for m in brought] == [QUESTION], f"{sort}: brought {[m.text for m in brought]}")
            [said] = brought
            expect(said.kind == sort, f"{sort}: it came as a {said.kind}")
            expect(said.remote_id and said.author_id and said.author_name, f"who wrote it? {said}")
            expect(not said.own and said.at.tzinfo is not None, f"whose is it, and from when? {said}")
            expect(bool(said.thread) if sort == "message" else True, f"which talk is it of? {said}")
            expect(said.post_remote_id == post if sort == "comment" else True, f"under which post? {said}")
            expect(unpacked(packed(said)) == said, "it does not survive being put down")
            again = [one for knock in knocks for one in _brought(hooks, knock, door)]
            expect([m.remote_id for m in again] == [said.remote_id], "the same call brings another message")
            for knock in knocks:
                changed = replace(knock, body=knock.body.replace(b"7", b"8") + b" ")
                expect(hooks.verify(changed, door) is None, "a changed body is taken")
            if (inbox := bench.connector.inbox) and sort not in facts.only_so:
                page = await inbox.fetch(session, [post] if post else [], "")
                fetched = {m.remote_id for m in page.messages}
                expect(said.remote_id in fetched, f"fetched as {fetched}, brought as {said.remote_id!r}")


async def _introduced(bench: Bench, session: Session, brought: list[Incoming]) -> list[Incoming]:
    """As the house does it: who speaks is asked where the call did not say."""
    asks = bench.connector.introduces
    named = list(await asks.introduce(session, brought)) if asks else brought
    expect(
        [m.remote_id for m in named] == [m.remote_id for m in brought], "introducing changed what was said"
    )
    return named


async def pushed(bench: Bench, session: Session) -> list[Incoming]:
    """What the channel's calls bring now."""
    hooks, facts = _hooks(bench)
    door = door_of(session, facts)
    knocks = bench.emulator.pushes(bench.platform, door.secrets)
    brought = [one for knock in knocks for one in _brought(hooks, knock, door)]
    return await _introduced(bench, session, brought)


def _brought(hooks: Hooks, knock: Knock, door: Door) -> tuple[Incoming, ...]:
    heard = hooks.verify(knock, door)
    if heard is None:
        raise Nonconforming("a genuine callback is refused")
    return heard.messages


async def _live(bench: Bench, session: Session, facts: HookFacts) -> str:
    """A post to comment on, where comments are brought; what the channel calls for that is none of a case's."""
    if "comment" not in facts.brings:
        return ""
    kind = bench.manifest.kinds_for(session.account_type)[0]
    done = await bench.publish(session, samples.outgoing(kind, bench.folder))
    list(bench.emulator.pushes(bench.platform, agreed(facts)))
    return done.remote_id


def somebody_writes(bench: Bench, session: Session, sort: str, post: str) -> None:
    """One of the audience asks the question: under the post, in a post of their own, or in private."""
    if sort == "comment":
        bench.platform.comment(post, "lan-anh", "Lan Anh", QUESTION)
    elif sort == "mention":
        bench.platform.mention(session.remote_id, "lan-anh", "Lan Anh", QUESTION)
    else:
        bench.platform.message(session.remote_id, "lan-anh", "Lan Anh", QUESTION)


def door_of(session: Session, facts: HookFacts) -> Door:
    """The account's door as the house makes it: secrets agreed for the address, and those of the grant that sign."""
    known = {**session.app, **session.grant.secrets}
    keys = {name: str(known.get(name) or "") for name in facts.signed_with}
    return Door(agreed(facts), session.remote_id, session.settings, keys)


def _hooks(bench: Bench) -> tuple[Hooks, HookFacts]:
    hooks, facts = bench.connector.hooks, bench.manifest.hooks
    if hooks is None or facts is None:
        raise Nonconforming("hooks.py and [hooks] go together")
    return hooks, facts


def agreed(facts: HookFacts) -> dict[str, str]:
    """The secrets that were agreed for an address, as the house makes them."""
    return {value.key: ("aB3" * value.length)[: value.length] for value in facts.values}


async def handed_over(bench: Bench, session: Session, duty: Outgoing) -> str:
    """Its handle once the channel has it in hand; "" when it is live at once."""
    outcome = await bench.publishing.publish(session, bench.known(duty))
    while isinstance(outcome, Processing) and not outcome.handed_over:
        bench.handles[duty.key] = outcome.handle
        outcome = await bench.publishing.follow(session, bench.known(duty))
    return outcome.handle if isinstance(outcome, Processing) else ""
