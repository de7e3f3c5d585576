"""What came of many cases, as a table and a last line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

from tests.chaos.cases import Case, End
from tests.chaos.scene import WRONG


@dataclass
class Tally:
    """Counts ends; `wrong` keeps each case that broke a promise, as the line that plays it again."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in WRONG})
    cases: int = 0
    deliveries: int = 0
    looked_up: int = 0
    looked_up_with_a_person: int = 0
    seconds: float = 0.0
    begun: float = field(default_factory=monotonic)

    def add(self, case: Case, end: End) -> None:
        self.cases += 1
        self.deliveries += len(end.fates)
        self.seconds += end.seconds
        self.events[case.event if case.point is not None else "nothing"] += 1
        for fate in end.fates:
            self.ends[case.way, fate.state] += 1
        if case.way != "none":
            self.looked_up += len(end.fates)
            self.looked_up_with_a_person += end.with_a_person
        for name in set(end.wrong):
            self.wrong[name].append(f"{case.again()}: {'; '.join(map(str, end.fates))}")

    def figures(self) -> dict[str, float]:
        """For the run's last lines."""
        events = {f"event {name}": count for name, count in self.events.items()}
        took = monotonic() - self.begun
        return {
            "cases": self.cases,
            "deliveries": self.deliveries,
            "seconds": self.seconds,
            "took": took,
            **events,
        }

    @property
    def with_a_person(self) -> float:
        """Share of the deliveries on channels with a look-up that ended with a person, in percent."""
        return 100 * self.looked_up_with_a_person / max(1, self.looked_up)

    def lines(self) -> list[str]:
        rows = [
            f"{way:12}{state:18}{count:7}"
            for (way, state), count in sorted(self.ends.items(), key=lambda one: (one[0][0], -one[1]))
        ]
        broken = [f"{name}: {said}" for name, cases in self.wrong.items() for said in cases]
        counts = " ".join(f"{name}={len(cases)}" for name, cases in self.wrong.items())
        return [
            *rows,
            *broken,
            f"simulated {self.seconds / 86400:.2f} days; "
            + ", ".join(f"{n} {c}" for n, c in self.events.items()),
            f"chaos deliveries={self.deliveries} {counts} unknown_open={self.ends_in('unknown')}"
            f" needs_person_lookup_pct={self.with_a_person:.2f} cases={self.cases}",
        ]

    def ends_in(self, state: str) -> int:
        return sum(count for (_way, one), count in self.ends.items() if one == state)
