"""Logging in, rightly and wrongly; renewing; a consent that has ended."""

from __future__ import annotations

from kitestring.connectorkit.conformance.bench import Bench, expect
from kitestring.connectorkit.conformance.samples import outgoing
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import GrantExpired, Rejected, RetryLater


async def good_login(bench: Bench) -> None:
    """Connecting says who it is there; doing it twice finds the same presence."""
    first, second = await bench.connect(), await bench.connect()
    expect(first.remote_id and first.handle and first.name, f"who it is stays unclear: {first}")
    expect(first.remote_id == second.remote_id, "the same account has two remote ids")
    types = {kind.key for kind in bench.manifest.account_types}
    expect(not types or first.account_type in types, f"unknown account type {first.account_type!r}")
    for key, able in first.capabilities.items():
        if isinstance(able, str):
            bench.worded(able)
            expect(key in bench.manifest.capabilities, f"probed {key!r} is no capability of the manifest")


async def bad_login(bench: Bench) -> None:
    """Every secret typed wrongly is refused at a field of the form, in words."""
    asked = bench.manifest.auth.fields
    for secret in (one.key for one in asked if one.kind == "password"):
        error = await bench.raises(Rejected, bench.connect(**{secret: "wrong-and-never-right"}))
        expect(error.field in {one.key for one in asked}, f"refused at {error.field!r}, which nobody typed")


async def ended_consent(bench: Bench) -> None:
    """Wherever it shows, an ended consent is GrantExpired, and nothing is live."""
    connected = await bench.connect()
    async with bench.session(connected) as session:
        bench.faults.always(Fault("unauthorized"))
        for kind in bench.manifest.kinds_for(session.account_type):
            duty = outgoing(kind, bench.folder)
            await bench.raises(GrantExpired, bench.publishing.publish(session, duty))
        if inbox := bench.connector.inbox:
            await bench.raises(GrantExpired, inbox.fetch(session, ["1"], ""))
        if metrics := bench.connector.metrics:
            await bench.raises(GrantExpired, metrics.read(session, ["1"]))
    expect(not bench.live(), "something was published without consent")


async def renewal(bench: Bench) -> None:
    """A renewed grant publishes; a renewal that is refused says so; one not reached changes nothing."""
    connected = await bench.connect()
    async with bench.session(connected) as session:
        renewed = await bench.auth.renew(session)
    expect(renewed.secrets, "renewing left no secrets")
    from_then = type(connected)(**{**connected.__dict__, "grant": renewed})
    async with bench.session(from_then) as session:
        kind = bench.manifest.kinds_for(session.account_type)[0]
        await bench.publish(session, outgoing(kind, bench.folder))
        if renewed.expires_at is not None:
            bench.faults.next(Fault("down"))
            await bench.raises(RetryLater, bench.auth.renew(session))
            bench.faults.always(Fault("unauthorized"))
            await bench.raises(GrantExpired, bench.auth.renew(session))
