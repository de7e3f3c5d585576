"""An answer of another shape is no answer: a look that believed it would say "not there", and the post went out twice."""

from __future__ import annotations

from kitestring.connectorkit.conformance import samples
from kitestring.connectorkit.conformance.bench import Bench, Nonconforming, expect
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.emulation import Fault
from kitestring.connectorkit.errors import Ambiguous, ConnectorError

# What channels and what stands before them have answered with 200 in place of what was asked for, and the envelopes that
# channels put around their answers with nothing inside.
ODD = (
    "{}", "[]", "null", '"ok"', '{"data": null}', "[null]", '{"error": {"code": 1, "message": "try later"}}',
    '{"ok": true}', '{"errcode": 0, "errmsg": "ok"}', '{"error": 0, "message": "Success", "data": {}}',
    '{"code": 0, "message": "0", "data": {}}', '{"data": {}, "error": {"code": "ok"}}', '{"kind": "Listing", "data": {}}',
)  # fmt: skip
AT = (
    0,
    1,
    2,
)  # the first request of the look, the second, the third: each may be the one that is answered oddly


async def a_look_believes_no_odd_answer(bench: Bench) -> None:
    """It is live, the answer was lost, and the look meets an answer of another shape: never "not there"."""
    async with bench.session() as session:
        for kind in bench.manifest.kinds_for(session.account_type):
            if not bench.looks_up_kind(session, kind.key):
                continue
            duty = samples.outgoing(kind, bench.folder)
            bench.faults.next(Fault("drop_after", at="store"))
            await bench.raises(Ambiguous, bench.publish(session, duty))
            bench.faults.clear()
            await never_absent(bench, session, duty)


async def never_absent(bench: Bench, session: Session, duty: Outgoing) -> None:
    """Look for what is there, through every odd answer. Raises Nonconforming where one is believed."""
    wrong = []
    # Where lists stand bare, an empty one is the channel's own word that there is nothing.
    bare = getattr(bench.emulator, "LISTS_STAND_BARE", False)
    for body in (body for body in ODD if not (bare and body == "[]")):
        for place in AT:
            bench.faults.next(Fault("odd", skip=place, body=body))
            if await _is_absent(bench, session, duty):
                wrong.append(f"{body} at {place}")
            bench.faults.clear()
        bench.faults.always(Fault("odd", body=body))
        if await _is_absent(bench, session, duty):
            wrong.append(f"{body} everywhere")
        bench.faults.clear()
    expect(not wrong, f"{duty.kind}: it says that nothing is there, by {', '.join(wrong)}")


async def _is_absent(bench: Bench, session: Session, duty: Outgoing) -> bool:
    try:
        return await bench.publishing.look_up(session, bench.known(duty)) is None
    except ConnectorError as error:
        bench.worded(error.reason)
        return False
    except Exception as error:
        raise Nonconforming(f"{duty.kind}: a look stumbles over an odd answer: {error!r}") from error
