"""Callbacks: genuine ones name what is under way, and nothing that anybody could have made up is taken for one."""

from __future__ import annotations

from dataclasses import replace

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.contract import Outgoing, Processing, Session
from kitestring.connectorkit.hooks import Door, Hooks, Knock
from kitestring.connectorkit.manifest import HookFacts


async def callbacks_name_what_is_under_way(bench: Bench) -> None:
    """What the channel pushes when it is done names the handle that was stored, by the names the connector gives it."""
    hooks, facts = _hooks(bench)
    async with bench.session() as session:
        for kind in bench.manifest.kinds_for(session.account_type):
            duty = samples.outgoing(kind, bench.folder)
            handle = await _handed_over(bench, session, duty)
            if not handle:
                continue
            expect(hooks.names(handle), f"{kind.key}: what was handed over has no name in a callback")
            door = Door(_secrets(facts), session.remote_id, session.settings)
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
        await _handed_over(bench, session, samples.outgoing(kind, bench.folder))
        door = Door(_secrets(facts), session.remote_id, session.settings)
        (good,) = bench.emulator.pushes(bench.platform, door.secrets)
        expect(hooks.verify(good, door) is not None, "a genuine callback is refused")
        for name in door.secrets:
            other = replace(door, secrets={**door.secrets, name: "x" * len(door.secrets[name])})
            expect(hooks.verify(good, other) is None, f"taken although {name} is another one")
        for noise in (b"", b"\x00\xff" * 50, b"<xml>" * 1000, b'{"a":' * 1000):
            for query in ({}, dict.fromkeys(good.query, "x"), dict.fromkeys(good.query, "☃")):
                for method in ("GET", "POST"):
                    forged = Knock(method, query, good.headers, noise)
                    expect(hooks.verify(forged, door) is None, f"taken: {forged}")


def _hooks(bench: Bench) -> tuple[Hooks, HookFacts]:
    hooks, facts = bench.connector.hooks, bench.manifest.hooks
    if hooks is None or facts is None:
        raise Nonconforming("hooks.py and [hooks] go together")
    return hooks, facts


def _secrets(facts: HookFacts) -> dict[str, str]:
    return {value.key: ("aB3" * value.length)[: value.length] for value in facts.values}


async def _handed_over(bench: Bench, session: Session, duty: Outgoing) -> str:
    """Its handle once the channel has it in hand; "" when it is live at once."""
    outcome = await bench.publishing.publish(session, bench.known(duty))
    while isinstance(outcome, Processing) and not outcome.handed_over:
        bench.handles[duty.key] = outcome.handle
        outcome = await bench.publishing.follow(session, bench.known(duty))
    return outcome.handle if isinstance(outcome, Processing) else ""
