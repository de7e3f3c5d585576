"""Publishing every kind, refusing before anything is sent, being asked to wait, taking back."""

from __future__ import annotations

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Rejected, RetryLater


async def every_kind(bench: Bench) -> None:
    """Each kind lands on the platform once, its words whole, with and without pictures."""
    async with bench.session() as session:
        kinds = bench.manifest.kinds_for(session.account_type)
        expect(kinds, "this account can publish nothing")
        for kind in kinds:
            needed = bool(kind.media and kind.media.required)
            wanted = ([] if needed else [0]) + ([1] if samples.takes_pictures(kind) else [])
            for pictures in wanted:
                before = len(bench.live())
                duty = samples.outgoing(kind, bench.folder, pictures=pictures)
                done = await bench.publish(session, duty)
                item = bench.platform.items.get(done.remote_id)
                if item is None:
                    raise Nonconforming(f"{kind.key}: the platform has no item {done.remote_id!r}")
                expect(
                    _words(duty.text) in _words(item.text), f"{kind.key}: the words changed: {item.text!r}"
                )
                expect(len(bench.live()) == before + 1, f"{kind.key}: more than one item appeared")


def _words(text: str) -> str:
    return "".join(text.split())


async def refuses_before_sending(bench: Bench) -> None:
    """What the manifest forbids is refused at its field, and no request leaves."""
    async with bench.session() as session:
        for kind in bench.manifest.kinds_for(session.account_type):
            for field, duty in samples.refused(kind, bench.folder):
                asked = len(bench.faults.seen)
                error = await bench.raises(Rejected, bench.publishing.publish(session, duty))
                expect(error.field == field, f"{kind.key}: refused at {error.field!r}, not at {field!r}")
                expect(len(bench.faults.seen) == asked, f"{kind.key}: {field}: something was sent first")
    expect(not bench.live(), "something refused is live")


async def waits_when_told(bench: Bench) -> None:
    """429 with Retry-After is RetryLater with those seconds, nothing is live, and the same key then publishes."""
    async with bench.session() as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder)
        bench.faults.next(Fault("busy", after=7, at="store"))
        error = await bench.raises(RetryLater, bench.publish(session, duty))
        expect(error.after == 7, f"told to wait 7 s, it says {error.after}")
        expect(not bench.live(), "published although told to wait")
        bench.faults.next(Fault("busy", at="store"))
        error = await bench.raises(RetryLater, bench.publish(session, duty))
        await bench.publish(session, duty)
    expect(len(bench.live()) == 1, f"{len(bench.live())} items after one duty")


async def nobody_there(bench: Bench) -> None:
    """No connection is RetryLater: surely nothing was sent."""
    connected = await bench.connect()
    bench.base_url = "http://127.0.0.1:1"
    settings = dict(connected.settings)
    if "urls" in settings:
        settings["urls"] = dict.fromkeys(settings["urls"], bench.base_url)
    moved = type(connected)(**{**connected.__dict__, "settings": settings})
    async with bench.session(moved) as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder)
        error = await bench.raises(RetryLater, bench.publishing.publish(session, duty))
        expect(error.reason == "not_reached", f"the reason is {error.reason!r}")


async def only_its_own_hosts(bench: Bench) -> None:
    """Every call goes by the session's guarded client: with its door shut to loopback nothing arrives."""
    connected = await bench.connect()
    arrived = len(bench.faults.seen)
    async with bench.session(connected, allow_loopback=False) as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder, pictures=int(samples.takes_pictures(kind)))
        await bench.raises(Rejected, bench.publishing.publish(session, duty))
        if inbox := bench.connector.inbox:
            await bench.raises(Rejected, inbox.fetch(session, ["1"], ""))
        if metrics := bench.connector.metrics:
            await bench.raises(Rejected, metrics.read(session, ["1"]))
    expect(len(bench.faults.seen) == arrived, "a call went past the guarded client")


async def takes_back(bench: Bench) -> None:
    """Withdrawing removes it; withdrawing again is quiet."""
    async with bench.session() as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        done = await bench.publish(session, samples.outgoing(kind, bench.folder))
        await bench.publishing.withdraw(session, done.remote_id)
        expect(not bench.live(), "it is still there after withdrawing")
        await bench.publishing.withdraw(session, done.remote_id)
