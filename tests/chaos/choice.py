"""Which cases a run plays: all of them, or as many as it is given, chosen by a seed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from tests.chaos.cases import Case, bases, play
from tests.chaos.events import EVENTS
from tests.chaos.house import House
from tests.chaos.tally import Tally

SEED: Final = int(os.environ.get("CHAOS_SEED", "1"))
ASKED: Final = os.environ.get("CHAOS_CASES", "96")
ALL: Final = ASKED == "all"
SHARES: Final = 16 if ALL else 4
A_BASE: Final = 2  # cases of one base in a run that plays a choice
DEATHS: Final = 0.5  # so many of them are deaths


@dataclass(frozen=True)
class Share:
    """One of `SHARES` parts of a run."""

    number: int

    def play(self, house: House, tally: Tally) -> None:
        """Each base without anything happening, then its cases."""
        for base in self._bases():
            end = play(house, base)
            tally.add(base, end)
            places = {event: end.places(event) for event in EVENTS}
            for case in self._cases(base, places):
                tally.add(case, play(house, case))

    def _bases(self) -> list[Case]:
        mine = list(bases())[self.number :: SHARES]
        wanted = len(mine) if ALL else int(ASKED) // SHARES // (A_BASE + 1)
        return mine if wanted >= len(mine) else self._chance("bases").sample(mine, wanted)

    def _cases(self, base: Case, places: dict[str, tuple[int, ...]]) -> Iterator[Case]:
        everything = [replace(base, event=e, point=p) for e, found in places.items() for p in found]
        if ALL:
            yield from everything
            return
        chance = self._chance(str(base))
        bases_here = max(1, len(self._bases()))
        for _ in range(max(A_BASE, int(ASKED) // SHARES // bases_here - 1)):
            event = "dies" if chance.random() < DEATHS else chance.choice(list(EVENTS))
            yield replace(base, event=event, point=chance.choice(places[event]))

    def _chance(self, what: str) -> random.Random:
        return random.Random(f"{SEED} {self.number} {what}")
