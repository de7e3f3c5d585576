"""Tells a run: what happened on our side, how long recovery took, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from tests.chaos.soak import channel
from tests.chaos.soak.circumstances import circumstances
from tests.chaos.soak.recovery import Ledger, Out, recoveries
from tests.chaos.soak.run import Run
from tests.chaos.soak.verdict import Verdict

ALL_OUT: Final = channel.LEASE + channel.SETTLE + 10
OTHERS_OUT: Final = 2.0


def tell(run: Run, seed: str, say: Callable[[str], None]) -> int:
    """Print it all; the exit code."""
    told = run.fleet.told()
    verdict = Verdict(seed, run.ground.member, run.watch, told)
    say("")
    for line in (*verdict.lines(), "", *_looks(told), "", *_ours(run), "", *_recoveries(run)):
        say(line)
    for line in verdict.with_persons():
        say(line)
    if not verdict.good:
        say(f"\nWRONG. Again: bin/chaos --deliveries {len(run.watch.duties)} --seed {seed}")
        for line in (*circumstances(run), *verdict.failures()):
            say(line)
    say(verdict.last(verdict.cases + len({name for name, _at in run.happened})))
    return 0 if verdict.good else 1


def _looks(told: dict[str, dict[str, int]]) -> Iterator[str]:
    looks = ", ".join(f"{name} {count}" for name, count in sorted(told["looks"].items()))
    yield f"troubles at look-ups: {looks or 'none'}"
    yield f"tokens ended before their time: {told['revoked']}, renewed: {told['renewed']}"


def _ours(run: Run) -> Iterator[str]:
    yield "sessions at once on the database: {} of {}".format(*run.watch.most_sessions)
    yield f"{'trouble here':44}{'times':>6}"
    for name, count in Counter(name for name, _at in run.happened).items():
        yield f"{name:44}{count:6}"


def _recoveries(run: Run) -> Iterator[str]:
    """A figure over its limit is no failure: beside other troubles of ours it says little, alone it says to look."""
    ledger = Ledger.read()
    yield f"{'recovery after':33}{'in flight':>10}{'by itself':>16}  limit{'others':>15}{'by itself':>16}  limit"
    for one in recoveries(run.watch, ledger):
        beside = [name for name, at in run.happened if one.kill.at - ALL_OUT < at < one.kill.at + ALL_OUT]
        yield (
            f"{one.kill.what:33}{_told(one.in_flight):>10}{_told(one.plain):>16}{ALL_OUT:5.0f} s"
            f"{_told(one.others):>15}{_told(one.plain_others):>16}{OTHERS_OUT:5.0f} s"
            f"  {'beside others' if len(beside) > 1 else 'alone'}"
        )
        for out, limit in ((one.plain, ALL_OUT), (one.plain_others, OTHERS_OUT)):
            if out.who and (out.last or 0.0) > limit:
                yield from (f"    {line}" for line in ledger.course(one.kill, out.who))


def _told(out: Out) -> str:
    return f"{out.count}" if out.last is None else f"{out.count} in {out.last:.1f} s"
