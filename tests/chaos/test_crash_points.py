"""A process dies at every statement, commit and step of a call, for every way of safety and every fault.

All cases are far too many for each run of the suite: it plays a share of them, chosen by CHAOS_SEED (1), CHAOS_CASES (144)
in all. A case is named in full where it fails, and `Case(...)` plays it again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.chaos.cases import Case, play, troubles
from tests.chaos.house import House, simulated
from tests.chaos.sea import publishing
from tests.chaos.tally import Tally
from tests.world import World

pytestmark = pytest.mark.django_db
SHARES = 4
SEED = int(os.environ.get("CHAOS_SEED", "1"))
CASES = int(os.environ.get("CHAOS_CASES", "144"))


@pytest.fixture
def house(world: World, move_clock: Callable[[timedelta], None]) -> Iterator[House]:
    with simulated(world, move_clock) as found:
        yield found


@pytest.mark.parametrize("share", range(SHARES))
def test_no_death_doubles_or_loses(house: House, share: int) -> None:
    chance, tally = random.Random(f"{SEED} {share}"), Tally()
    for case in list(troubles())[share::SHARES]:
        end = play(house, case)
        tally.add(case, end)
        places = range(len(end.points))
        deaths = chance.sample(places, min(len(places), max(1, CASES // 72)))
        for place in sorted(deaths):
            dies = Case(case.way, case.fault, case.at, place)
            tally.add(dies, play(house, dies))
    assert not any(tally.wrong.values()), "\n".join(tally.lines())
    assert tally.with_a_person <= 0.5 or tally.looked_up < 200, "\n".join(tally.lines())
    assert tally.ends_in("unknown") == 0


@pytest.mark.parametrize("way", ["read_back", "native_key"])
def test_the_tally_sees_a_second_copy(house: House, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """What would be wrong is seen: a channel that hides what it has is sent to twice, unless it keeps the key itself."""

    async def never_there(session: object, outgoing: object) -> None:
        return None

    monkeypatch.setattr(publishing, "look_up", never_there)
    end = play(house, Case(way, "lost_after", "store"))
    assert (end.doubled, end.copies) == ((True, 2) if way == "read_back" else (False, 1))


def test_the_same_case_is_the_same_run(house: House) -> None:
    """A failing case can be played again: it passes the same points and dies at the same one."""
    whole = play(house, Case("two_step", "error_after", "store"))
    place = whole.points.index("store: done there, not told yet")
    first, second = (play(house, Case("two_step", "error_after", "store", place)) for _ in range(2))
    assert first.points == second.points == whole.points[: place + 1]
    assert (first.state, first.copies) == (second.state, second.copies) == ("published", 1)


def test_what_goes_wrong_at_a_look_is_met(house: House) -> None:
    """A fault that nobody comes to proves nothing."""
    end = play(house, Case("read_back", "busy", "look"))
    assert end.points.count("look: about to leave") == 2
    assert (end.state, end.copies) == ("published", 1)
