"""A vendor that changes: a field nobody knows, a version that is switched off, a web page in place of an answer."""

from __future__ import annotations

from collections.abc import Awaitable

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, expect
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.faults import Kind

BLIPS: tuple[Kind, ...] = ("html", "down", "gate", "wall", "error_before", "busy")


async def a_field_nobody_knows(bench: Bench) -> None:
    """An answer with one field more is read as before: published, read, counted."""
    bench.faults.always(Fault("novel"))
    async with bench.session() as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        done = await bench.publish(session, samples.outgoing(kind, bench.folder))
        if inbox := bench.connector.inbox:
            await inbox.fetch(session, [done.remote_id], "")
        if metrics := bench.connector.metrics:
            await metrics.read(session, [done.remote_id])


async def a_version_switched_off(bench: Bench) -> None:
    """Told so in words; nothing is live, and nobody is disconnected by it."""
    connected = await bench.connect()
    async with bench.session(connected) as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        duty = samples.outgoing(kind, bench.folder)
        bench.faults.always(Fault("retired"))
        error = await bench.raises(Rejected, bench.publishing.publish(session, duty))
        expect(error.reason != "refused", "a version that is gone is told as any other refusal")
        bench.faults.clear()
        await bench.publish(session, duty)
    expect(len(bench.live()) == 1, f"{len(bench.live())} items after one duty")


async def a_blip_disconnects_nobody(bench: Bench) -> None:
    """Each kind of stumble, on every call: never GrantExpired, always a sentence."""
    connected = await bench.connect()
    for fault in BLIPS:
        async with bench.session(connected, timeout=2.0) as session:
            kind = bench.manifest.kinds_for(session.account_type)[0]
            calls: list[Awaitable[object]] = [
                bench.publishing.publish(session, samples.outgoing(kind, bench.folder))
            ]
            calls += [bench.auth.renew(session)]
            calls += [inbox.fetch(session, ["1"], "")] if (inbox := bench.connector.inbox) else []
            calls += [metrics.read(session, ["1"])] if (metrics := bench.connector.metrics) else []
            bench.faults.always(Fault(fault))
            for call in calls:
                try:
                    await call
                except GrantExpired as error:
                    expect(False, f"{fault}: it says that the consent has ended ({error})")
                except (RetryLater, Ambiguous, Rejected) as error:
                    bench.worded(error.reason)
                except ConnectorError as error:
                    expect(False, f"{fault}: {error!r}")
            bench.faults.clear()
