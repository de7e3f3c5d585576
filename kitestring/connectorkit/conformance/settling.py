"""Unclear answers: never said to be published, never said to be refused, always found by looking."""

from __future__ import annotations

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, expect
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.emulation import Fault, Faults, Platform, serve
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, RetryLater
from kitestring.connectorkit.faults import Kind
from kitestring.connectorkit.manifest import PublishKind
from kitestring.kit import clock

STORED: tuple[Kind, ...] = ("drop_after", "error_after")
NOT_STORED: tuple[Kind, ...] = ("drop_before", "error_before", "html", "down")
PATIENCE = 2.0  # seconds until our side gives up on a silent server


async def stored_but_unheard(bench: Bench) -> None:
    """It is live, the answer is lost: Ambiguous; a look adopts it; one item, not two.

    Silence costs its seconds each time and is the same to our client as a broken connection: the first kind waits it out.
    """
    async with bench.session() as session:
        for kind in bench.manifest.kinds_for(session.account_type):
            for fault in STORED:
                await _stored(bench, session, kind, fault)
    async with bench.session(timeout=PATIENCE) as session:
        await _stored(bench, session, bench.manifest.kinds_for(session.account_type)[0], "timeout_after")


async def _stored(bench: Bench, session: Session, kind: PublishKind, fault: Kind) -> None:
    before = len(bench.live())
    duty = samples.outgoing(kind, bench.folder)
    bench.faults.next(Fault(fault, at="store"))
    await bench.raises(Ambiguous, bench.publish(session, duty))
    bench.faults.clear()
    if bench.looks_up_kind(session, kind.key):
        found = await bench.publishing.look_up(session, bench.known(duty))
        done = await bench.finish(session, duty, found)
        expect(done.remote_id in bench.platform.items, "it adopted an id that is not there")
        expect(len(bench.live()) == before + 1, f"{kind.key}, {fault}: one duty, several items")


async def not_stored_and_unheard(bench: Bench) -> None:
    """Nothing is live, the answer is lost: a look says None, and the same key then publishes once."""
    async with bench.session() as session:
        for kind in bench.manifest.kinds_for(session.account_type):
            for fault in NOT_STORED:
                await _not_stored(bench, session, kind, fault)
    async with bench.session(timeout=PATIENCE) as session:
        await _not_stored(bench, session, bench.manifest.kinds_for(session.account_type)[0], "timeout_before")


async def _not_stored(bench: Bench, session: Session, kind: PublishKind, fault: Kind) -> None:
    before = len(bench.live())
    duty = samples.outgoing(kind, bench.folder)
    bench.faults.next(Fault(fault, at="store"))
    try:
        result = await bench.publish(session, duty)
    except (Ambiguous, RetryLater) as error:
        bench.worded(error.reason)
    except ConnectorError as error:
        expect(False, f"{kind.key}, {fault}: {type(error).__name__} ({error}) claims to know")
    else:
        expect(False, f"{kind.key}, {fault}: it says {result!r}")
    bench.faults.clear()
    if not bench.looks_up_kind(session, kind.key):
        return
    found = await bench.publishing.look_up(session, bench.known(duty))
    if found is None:
        await bench.publish(session, duty)
    else:
        await bench.finish(session, duty, found)
    expect(len(bench.live()) == before + 1, f"{kind.key}, {fault}: {len(bench.live())} items")


async def a_look_tells_them_apart(bench: Bench) -> None:
    """The same words twice are two duties: a look for one that was never sent does not find the other."""
    async with bench.session() as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        sent, unsent = (samples.outgoing(kind, bench.folder) for _ in range(2))
        done = await bench.publish(session, sent)
        found = await bench.publishing.look_up(session, bench.known(sent))
        expect((await bench.finish(session, sent, found)).remote_id == done.remote_id, "it found another one")
        expect(await bench.publishing.look_up(session, unsent) is None, "it adopted somebody else's post")


async def the_same_key_twice(bench: Bench) -> None:
    """A channel with its own key: the same duty sent again is the same post."""
    async with bench.session() as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder)
        first, second = await bench.publish(session, duty), await bench.publish(session, duty)
    expect(first.remote_id == second.remote_id, "one key, two remote ids")
    expect(len(bench.live()) == 1, "one key, two items")


async def after_a_restart(bench: Bench) -> None:
    """What the platform kept is found again by an emulator started anew."""
    async with bench.session() as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder)
        done = await bench.publish(session, duty)
    kept = bench.platform.dump()
    bench.platform, bench.faults = Platform(clock=clock.now), Faults()
    bench.platform.restore(kept)
    async with (
        serve(bench.emulator.build(bench.platform, faults=bench.faults)) as bench.base_url,
        bench.session() as session,
    ):
        found = await bench.publishing.look_up(session, bench.known(duty))
        expect((await bench.finish(session, duty, found)).remote_id == done.remote_id, "it is not found")
