"""The channel is told by its API to call us, and told again when somebody has changed it there."""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import ACCOUNT, Bench, Nonconforming, expect
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.powers import Subscribing

ADDRESS: Final = "https://kitestring.example/hooks/channel/a-secret-of-its-own"
NEWER: Final = "https://kitestring.example/hooks/channel/another-secret"


async def the_channel_calls_by_itself(bench: Bench) -> None:
    """It calls after once, after twice, after somebody stopped it there, and at a newer address of ours."""
    power, calls = _subscribing(bench), bench.emulator.calls
    async with bench.session() as session:
        expect(not calls(bench.platform, ACCOUNT, ADDRESS), "it calls before it was told to")
        await power.subscribe(session, ADDRESS)
        expect(calls(bench.platform, ACCOUNT, ADDRESS), "it does not call")
        await power.subscribe(session, ADDRESS)
        expect(calls(bench.platform, ACCOUNT, ADDRESS), "twice is not once")
        bench.emulator.stop_calling(bench.platform, ACCOUNT)
        expect(not calls(bench.platform, ACCOUNT, ADDRESS), "stop_calling stops nothing")
        await power.subscribe(session, ADDRESS)
        expect(calls(bench.platform, ACCOUNT, ADDRESS), "what was changed there is not seen")
        await power.subscribe(session, NEWER)
        expect(calls(bench.platform, ACCOUNT, NEWER), "a newer address of ours is not called")


async def trouble_while_subscribing(bench: Bench) -> None:
    """A channel that is down is "later", a revoked grant is said in words, and posts go out as before."""
    power = _subscribing(bench)
    async with bench.session() as session:
        for fault in (Fault("down"), Fault("html")):
            bench.faults.always(fault)
            await bench.raises(RetryLater, power.subscribe(session, ADDRESS))
            bench.faults.clear()
        bench.faults.always(Fault("unauthorized"))
        try:
            await power.subscribe(session, ADDRESS)
        except (GrantExpired, Rejected) as error:
            bench.worded(error.reason)
        except ConnectorError as error:
            raise Nonconforming(f"a revoked grant is {type(error).__name__}: {error}") from error
        else:
            raise Nonconforming("a revoked grant is not seen")
        bench.faults.clear()
        kind = bench.manifest.kinds_for(session.account_type)[0]
        await bench.publish(session, samples.outgoing(kind, bench.folder))


def _subscribing(bench: Bench) -> Subscribing:
    found = bench.connector.subscribing
    if found is None:
        raise Nonconforming("there is no subscribing.py, or no [hooks]")
    return found
