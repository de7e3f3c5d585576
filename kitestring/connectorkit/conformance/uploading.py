"""Files: what the channel took once is not sent to it again, and what it lost meanwhile is sent anew in the same try."""

from __future__ import annotations

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, expect
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, RetryLater
from kitestring.connectorkit.manifest import PublishKind


async def files_go_up_once(bench: Bench) -> None:
    """A try that ends at its last step has left its files there: the next one uploads none again."""
    async with bench.session() as session:
        for kind in _illustrated(bench, session):
            before = bench.faults.uploaded()
            duty = samples.outgoing(kind, bench.folder, pictures=_most(kind))
            await _ends_at(bench, session, duty, Fault("error_before", at="store"))
            first = bench.faults.uploaded() - before
            await _again(bench, session, duty)
            again = bench.faults.uploaded() - before - first
            expect(again == 0, f"{kind.key}: {first} files were there already, and {again} were sent again")


async def files_go_on_in_the_middle(bench: Bench) -> None:
    """A try that ends at its second file has left the first one there."""
    async with bench.session() as session:
        for kind in _illustrated(bench, session):
            if _most(kind) < 2 or not await _sends_files_apart(bench, session, kind):
                continue
            before = bench.faults.uploaded()
            duty = samples.outgoing(kind, bench.folder, pictures=2)
            await _ends_at(bench, session, duty, Fault("error_before", at="upload", skip=1))
            await _again(bench, session, duty)
            sent = bench.faults.uploaded() - before
            expect(sent == 3, f"{kind.key}: {sent} uploads for two files of which the second failed once")


async def files_that_are_gone_go_up_anew(bench: Bench) -> None:
    """What the channel cleared away meanwhile is uploaded anew within the next try, and the post is live."""
    async with bench.session() as session:
        for kind in _illustrated(bench, session):
            duty = samples.outgoing(kind, bench.folder, pictures=1)
            await _ends_at(bench, session, duty, Fault("error_before", at="store"))
            bench.emulator.lose_files(bench.platform)
            await _again(bench, session, duty)


def _illustrated(bench: Bench, session: Session) -> list[PublishKind]:
    kinds = bench.manifest.kinds_for(session.account_type)
    return [kind for kind in kinds if samples.takes_pictures(kind)]


def _most(kind: PublishKind) -> int:
    return min(2, kind.media.count) if kind.media else 0


async def _sends_files_apart(bench: Bench, session: Session, kind: PublishKind) -> bool:
    """Whether a file goes up by a call of its own; on some channels it travels with the post."""
    before = bench.faults.uploaded()
    await bench.publish(session, samples.outgoing(kind, bench.folder, pictures=1))
    return bench.faults.uploaded() > before


async def _ends_at(bench: Bench, session: Session, duty: Outgoing, fault: Fault) -> None:
    bench.faults.next(fault)
    try:
        await bench.publish(session, duty)
    except (Ambiguous, RetryLater) as error:
        bench.worded(error.reason)
    else:
        expect(False, f"it was published although the call failed ({fault.kind} at {fault.at})")
    bench.faults.clear()


async def _again(bench: Bench, session: Session, duty: Outgoing) -> None:
    """As the ledger does: look first, then the same duty with what the try before left."""
    live = len(bench.live())
    if bench.looks_up_kind(session, duty.kind):
        found = await bench.publishing.look_up(session, bench.known(duty))
        expect(found is None or not hasattr(found, "remote_id"), "a look found what was never stored")
    await bench.publish(session, duty)
    expect(len(bench.live()) == live + 1, "it is not live once after the second try")
