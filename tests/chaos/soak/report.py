"""Tells a run: what happened on our side, how long recovery took, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from tests.chaos.soak import channel
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
    if not verdict.good:
        say(f"\nWRONG. Again: bin/chaos --deliveries {len(run.watch.duties)} --seed {seed}")
        for line in verdict.failures():
            say(line)
    say(verdict.last(verdict.cases + len(set(run.happened))))
    return 0 if verdict.good else 1


def _looks(told: dict[str, dict[str, int]]) -> Iterator[str]:
    looks = ", ".join(f"{name} {count}" for name, count in sorted(told["looks"].items()))
    yield f"troubles at look-ups: {looks or 'none'}"
    yield f"tokens ended before their time: {told['revoked']}, renewed: {told['renewed']}"


def _ours(run: Run) -> Iterator[str]:
    yield f"{'trouble here':44}{'times':>6}"
    for name, count in Counter(run.happened).items():
        yield f"{name:44}{count:6}"


def _recoveries(run: Run) -> Iterator[str]:
    """Other troubles go on meanwhile, there and here: a figure over its limit says to look, it is no failure."""
    yield f"{'recovery after':36}{'in flight':>10}{'all out':>9}  limit{'others':>8}{'out':>8}  limit"
    for one in run.watch.recoveries():
        all_out = "-" if one.all_out is None else f"{one.all_out:.1f} s"
        others = "-" if one.others_out is None else f"{one.others_out:.1f} s"
        yield (
            f"{one.kill.what:36}{one.in_flight:10}{all_out:>9}{ALL_OUT:5.0f} s{one.others:8}{others:>8}"
            f"{OTHERS_OUT:5.0f} s"
        )
