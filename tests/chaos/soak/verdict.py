"""Judges every duty of a run by what the platform has and what the ledger says, and tells it as tables and a last line."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from kitestring.domains.publishing.models import Attempt, Delivery
from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.rules.sequence import parts_of
from kitestring.domains.workspaces.models import Member
from tests.chaos.scene import AT_REST, SHOWN
from tests.chaos.soak.ground import Duty
from tests.chaos.soak.plan import of_duty
from tests.chaos.soak.watch import Watch

MOST_WITH_A_PERSON: Final = 0.5  # percent, of the classes with a look-up
WRONGS: Final = ("doubled", "lost", "stuck", "unknown_open")
FOUR: Final = {
    "reply lost": "drop_after",
    "HTTP 500": "error_after",
    "429 + Retry-After": "busy_asked",
}
KILLED: Final = "kill -9 mid-call"


@dataclass(frozen=True)
class End:
    """One duty at the end: the ledger's word, how often it is live, whether Today lists it, what it met.

    Of a sequence `copies` are those of its head and `later` those of the parts after it; `out`: how many the ledger says
    are live; `in_order`: each came after the one before it.
    """

    duty: Duty
    state: str
    reason: str
    copies: int
    listed: bool
    met: tuple[str, ...]
    cancelled: bool = False
    later: tuple[int, ...] = ()
    out: int = 0
    in_order: bool = True

    @property
    def doubled(self) -> bool:
        return max(self.copies, *self.later, 0) > 1

    @property
    def lost(self) -> bool:
        """What the ledger says is not so: out and not live, over and live, or no row any more."""
        over = self.state in ("cancelled", "failed", "withdrawn")
        let_go = self.state == "cancelled" and not self.cancelled
        said_out = self.state == "published" and not self.copies
        parts = (self.copies, *self.later)
        torn = not self.in_order or 0 in parts[: self.out]
        return not self.state or said_out or let_go or torn or (over and any(parts))

    @property
    def stuck(self) -> bool:
        return self.state not in AT_REST | {"unknown"} or (self.state in SHOWN and not self.listed)

    @property
    def unknown_open(self) -> bool:
        return self.state == "unknown"

    @property
    def with_a_person(self) -> bool:
        return self.state in SHOWN

    @property
    def wrong(self) -> list[str]:
        return [name for name in WRONGS if getattr(self, name)]


class Verdict:
    """`told`: what the platform knows. `seed`: named with every failure."""

    def __init__(self, seed: str, member: Member, watch: Watch, told: dict[str, Any]) -> None:
        self.seed = seed
        found = {row.pk: row for row in Delivery.objects.all()}
        listed = set(needing(member).values_list("pk", flat=True))
        hit = set(Attempt.objects.filter(reason="lease_ran_out").values_list("delivery_id", flat=True))
        ends = (_end(duty, found.get(duty.id), listed, hit, told) for duty in watch.duties.values())
        self.ends = [replace(end, cancelled=end.duty.id in watch.asked_to_cancel) for end in ends]

    @property
    def with_a_person(self) -> float:
        """Share of the deliveries with a look-up that ended with a person, in percent."""
        looked = [end for end in self.ends if end.duty.way != "none"]
        return 100 * sum(end.with_a_person for end in looked) / max(1, len(looked))

    @property
    def wrong(self) -> list[End]:
        return [end for end in self.ends if end.wrong]

    @property
    def good(self) -> bool:
        return not self.wrong and self.with_a_person <= MOST_WITH_A_PERSON

    def lines(self) -> Iterator[str]:
        yield from self._states()
        whole = [end for end in self.ends if end.later]
        parts = sum(1 + len(end.later) for end in whole)
        out = sum(end.copies + sum(end.later) for end in whole)
        yield f"sequences {len(whole)}, parts {parts}, of them live {out}"
        yield ""
        yield from self._met()
        yield ""
        yield from self._four()

    def last(self, cases: int) -> str:
        counts = " ".join(f"{name}={sum(getattr(end, name) for end in self.ends)}" for name in WRONGS)
        return f"chaos deliveries={len(self.ends)} {counts} needs_person_lookup_pct={self.with_a_person:.2f} cases={cases}"

    @property
    def cases(self) -> int:
        """Different (way of safety, trouble of the platform) that were met."""
        return len({(end.duty.way, one) for end in self.ends for one in end.met})

    def _states(self) -> Iterator[str]:
        yield f"{'way of safety':14}{'ended':18}{'deliveries':>10}"
        ends = Counter((end.duty.way, end.state) for end in self.ends)
        for (way, state), count in sorted(ends.items(), key=lambda one: (one[0][0], -one[1])):
            yield f"{way:14}{state:18}{count:10}"

    def _met(self) -> Iterator[str]:
        ways = sorted({end.duty.way for end in self.ends})
        met: dict[str, Counter[str]] = defaultdict(Counter)
        for end in self.ends:
            for one in end.met:
                met[one][end.duty.way] += 1
        yield f"{'trouble there':26}" + "".join(f"{way:>12}" for way in ways)
        for name, count in sorted(met.items()):
            yield f"{name:26}" + "".join(f"{count[way]:12}" for way in ways)

    def _four(self) -> Iterator[str]:
        """The four faults of every scheduler's users, each alone: how often the post is live."""
        yield f"{'the four faults':22}{'times':>6}  copies of each"
        for name, kind in FOUR.items():
            yield _copies(name, [end for end in self.ends if end.met == (kind,) and _alone(self.seed, end)])
        yield _copies(KILLED, [end for end in self.ends if KILLED in end.met])

    def failures(self) -> Iterator[str]:
        """Each wrong delivery with all that helps to understand it."""
        for end in self.wrong[:40]:
            yield (
                f"{', '.join(end.wrong)}: seed {self.seed}, number {end.duty.number}, {end.duty.way}, {end.state} "
                f"{end.reason}, {'+'.join(map(str, (end.copies, *end.later)))} copies, "
                f"due {end.duty.due:%H:%M:%S}, met {', '.join(end.met) or 'nothing'}"
            )
            yield from timeline(end.duty.id)

    def with_persons(self) -> Iterator[str]:
        """Each delivery of a class with a look-up that ended with a person: few may, and each says why."""
        looked = [end for end in self.ends if end.duty.way != "none" and end.with_a_person]
        for end in looked[:40]:
            yield (
                f"with a person: number {end.duty.number}, {end.duty.way}, {end.state} {end.reason}, met "
                f"{', '.join(end.met) or 'nothing'}"
            )
            yield from timeline(end.duty.id)


def timeline(delivery: UUID) -> Iterator[str]:
    """Its attempts in order."""
    for one in Attempt.objects.filter(delivery_id=delivery).order_by("number"):
        ended = f"{one.ended_at:%H:%M:%S.%f}"[:-3] if one.ended_at else "never"
        yield (
            f"    {one.number}. {one.step:9}{one.started_at:%H:%M:%S} to {ended:13}{one.outcome:16}{one.reason}"
            f" {one.said[:80]}"
        )


def _end(duty: Duty, row: Delivery | None, listed: set[UUID], hit: set[UUID], told: dict[str, Any]) -> End:
    number = str(duty.number)
    met = [*told["met"].get(number, ()), *([KILLED] if duty.id in hit else ())]
    copies = told["copies"].get(number, 0)
    if row is None:
        return End(duty, "", "", copies, listed=False, met=tuple(met))
    words = [number, *(f"{number}/{place}" for place in range(1, len(parts_of(row.payload))))]
    came = [told["first"][word] for word in words if word in told["first"]]
    return End(
        duty, row.state, row.reason, copies, row.pk in listed, tuple(met),
        later=tuple(told["copies"].get(word, 0) for word in words[1:]), out=row.part, in_order=came == sorted(came),
    )  # fmt: skip


def _alone(seed: str, end: End) -> bool:
    plan = of_duty(seed, end.duty.number)
    return not end.later and len(plan.store) + len(plan.prepare) == 1


def _copies(name: str, ends: list[End]) -> str:
    counts = Counter(end.copies for end in ends)
    said = ", ".join(f"{copies} on {count}" for copies, count in sorted(counts.items())) or "not met"
    return f"{name:22}{len(ends):6}  {said}"
