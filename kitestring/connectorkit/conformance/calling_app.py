"""Calls to the address of an operator's app: genuine ones name whose it is, nothing made up is taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.conformance.calling import agreed, handed_over, somebody_writes
from kitestring.connectorkit.conformance.reading import QUESTION
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.hooks import AppDoor, AppHooks, Knock, Ring
from kitestring.connectorkit.manifest import HookFacts

ELSEWHERE = "9000000000000001"  # an account that nobody of ours has


async def an_app_is_told_who_was_written_to(bench: Bench) -> None:
    """Each sort of words that `[hooks] rings` names rings for the account they were written to, and asking then finds them.

    A comment names its post, where each post costs a question. The same call once more says the same.
    """
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        door, post = door_of(bench, facts), await _live(bench, session, facts)
        for sort in facts.rings:
            somebody_writes(bench, session, sort, post)
            knocks = _pushed(bench, door)
            mine = [ring for ring in _rings(hooks, knocks, door) if ring.remote_id == session.remote_id]
            expect(
                any(ring.words for ring in mine), f"{sort}: the call does not ring for the account: {mine}"
            )
            asking = bench.manifest.asking
            if sort == "comment" and asking is not None and asking.by_post:
                named = {one for ring in mine for one in ring.posts}
                expect(post in named, f"under which post? {named}, not {post!r}")
            again = [ring for ring in _rings(hooks, knocks, door) if ring.remote_id == session.remote_id]
            expect(again == mine, "the same call says something else")
            if inbox := bench.connector.inbox:
                page = await inbox.fetch(session, [post] if post else [], "")
                expect(QUESTION in [m.text for m in page.messages], f"{sort}: rung, and not there when asked")


async def an_app_is_told_of_ends(bench: Bench) -> None:
    """What the channel pushes when it is done names whose it was and the handle that was stored."""
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        door = door_of(bench, facts)
        for kind in bench.manifest.kinds_for(session.account_type):
            if kind.key not in facts.kinds:
                continue
            handle = await handed_over(bench, session, samples.outgoing(kind, bench.folder))
            if not handle:
                continue
            expect(hooks.names(handle), f"{kind.key}: what was handed over has no name in a call")
            rings = [r for r in _rings(hooks, _pushed(bench, door), door) if r.remote_id == session.remote_id]
            named = {one for ring in rings for one in ring.about}
            expect(named & set(hooks.names(handle)), f"{kind.key}: {named} names not {handle}")
    expect(not hooks.names(""), "what has no handle has a name")


async def forged_calls_to_an_app_are_nothing(bench: Bench) -> None:
    """With another secret, another body, no signature or an old time it is None; no noise makes it raise."""
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        door = door_of(bench, facts)
        good = await _a_call(bench, session, facts, door)
        expect(hooks.hear(good, door) is not None, "a genuine call is refused")
        for name in door.keys:
            for wrong in ("x" * len(door.keys[name]), ""):
                other = replace(door, keys={**door.keys, name: wrong})
                expect(hooks.hear(good, other) is None, f"taken although {name} is {wrong!r}")
        expect(hooks.hear(replace(good, body=good.body + b" "), door) is None, "a changed body is taken")
        kept = {key: value for key, value in good.headers.items() if key in ("content-type", "host")}
        expect(hooks.hear(replace(good, headers=kept), door) is None, "taken without a signature")
        for noise in (b"", b"\x00\xff" * 50, b"<xml>" * 1000, b'{"a":' * 1000, b"[]", b'{"entry": 5}'):
            for query in ({}, dict.fromkeys(good.query, "x"), dict.fromkeys(good.query, "☃")):
                for headers in (
                    good.headers,
                    dict.fromkeys(good.headers, "☃"),
                    dict.fromkeys(good.headers, ""),
                ):
                    for method in ("GET", "POST"):
                        forged = Knock(method, query, headers, noise)
                        expect(hooks.hear(forged, door) is None, f"taken: {forged}")
        if facts.good_for:
            for late in (timedelta(seconds=facts.good_for + 60), -2 * timedelta(seconds=facts.good_for + 60)):
                bench.moved += late
                expect(hooks.hear(good, door) is None, "a call from another time is taken")


async def a_call_about_somebody_else_rings_for_nobody_of_ours(bench: Bench) -> None:
    """An app has accounts that are not ours: a call about one of those is genuine, and does not name the account here."""
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        door = door_of(bench, facts)
        for sort in facts.rings:
            if sort == "message":
                bench.platform.message(ELSEWHERE, "lan-anh", "Lan Anh", QUESTION)
            elif sort == "mention":
                bench.platform.mention(ELSEWHERE, "lan-anh", "Lan Anh", QUESTION)
            else:
                continue
            rings = _rings(hooks, _pushed(bench, door), door)
            expect(
                session.remote_id not in {ring.remote_id for ring in rings}, f"{sort}: it rings for {rings}"
            )


async def an_apps_address_is_tried(bench: Bench) -> None:
    """Before it calls, the channel tries the address: what it asks is answered, names nobody, and only with what was agreed."""
    hooks, facts = _hooks(bench)
    door = door_of(bench, facts)
    asked: Knock = bench.emulator.challenge(bench.platform, door.secrets)
    rung = hooks.hear(asked, door)
    if rung is None:
        raise Nonconforming("the trial of an address is refused")
    expect(bench.emulator.answered(bench.platform, asked, rung.answer), f"answered by {rung.answer!r}")
    expect(not rung.rings, "a trial names somebody")
    nothing = AppDoor(dict.fromkeys(door.secrets, ""), dict.fromkeys(door.keys, ""))
    expect(hooks.hear(asked, nothing) is None, "answered although nothing was agreed")


def door_of(bench: Bench, facts: HookFacts) -> AppDoor:
    """The app's door as the house makes it: secrets agreed for its address, and those of the app that sign."""
    app = bench.app()
    return AppDoor(agreed(facts), {name: str(app.get(name) or "") for name in facts.signed_with})


def _hooks(bench: Bench) -> tuple[AppHooks, HookFacts]:
    hooks, facts = bench.connector.app_hooks, bench.manifest.hooks
    if hooks is None or facts is None:
        raise Nonconforming("hooks.py and [hooks] go together")
    return hooks, facts


def _pushed(bench: Bench, door: AppDoor) -> list[Knock]:
    return list(bench.emulator.pushes(bench.platform, door.secrets))


def _rings(hooks: AppHooks, knocks: list[Knock], door: AppDoor) -> Iterator[Ring]:
    for knock in knocks:
        rung = hooks.hear(knock, door)
        if rung is None:
            raise Nonconforming("a genuine call is refused")
        yield from rung.rings


async def _a_call(bench: Bench, session: Session, facts: HookFacts, door: AppDoor) -> Knock:
    """Any genuine call."""
    if facts.rings:
        somebody_writes(bench, session, facts.rings[0], await _live(bench, session, facts))
    else:
        kind = bench.manifest.kind(facts.kinds[0])
        await handed_over(bench, session, samples.outgoing(kind, bench.folder))
    return _pushed(bench, door)[0]


async def _live(bench: Bench, session: Session, facts: HookFacts) -> str:
    """A post to comment on, where comments ring; what the channel calls for that is none of a case's."""
    if "comment" not in facts.rings:
        return ""
    kind = bench.manifest.kinds_for(session.account_type)[0]
    done = await bench.publish(session, samples.outgoing(kind, bench.folder))
    _pushed(bench, door_of(bench, facts))
    return done.remote_id
