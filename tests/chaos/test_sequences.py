"""Sequences: whatever happens at whichever statement, commit or step, each part is out once, in order, and nothing between."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from kitestring.domains.publishing.actions import claim
from tests.chaos.cases import Case, play, troubles
from tests.chaos.choice import SEED
from tests.chaos.house import House
from tests.chaos.sea import publishing
from tests.chaos.tally import Tally
from tests.chaos.test_crash_points import WAYS, proven

pytestmark = pytest.mark.django_db
CARGO = "a sequence"
DEATHS = 6


@pytest.mark.parametrize("way", WAYS)
def test_every_fault_alone(house: House, tally: Tally, way: str) -> None:
    for case in troubles():
        if case.way == way:
            case = replace(case, cargo=CARGO)
            tally.add(case, play(house, case))
    proven(tally)


@pytest.mark.parametrize("way", WAYS)
def test_a_process_dies_in_the_middle(house: House, tally: Tally, way: str) -> None:
    """At some of its points, chosen by CHAOS_SEED, and at each moment at which a part is there and not yet known to be."""
    base = Case(way, "", "", cargo=CARGO)
    whole = play(house, base)
    assert (whole.state, whole.copies, whole.wrong) == ("published", 4, ())
    told = [n for n, name in enumerate(whole.points) if name == "store: done there, not told yet"]
    assert len(told) == 4
    chance = random.Random(f"{SEED} {way}")
    for place in [*told, *chance.sample(range(len(whole.points)), DEATHS)]:
        case = replace(base, point=place)
        tally.add(case, play(house, case))
    proven(tally)


@pytest.mark.parametrize("way", ["native_key", "read_back"])
def test_nothing_of_its_account_slips_between(house: House, tally: Tally, way: str) -> None:
    """Three due together, the first and the last a sequence; alone, and with a second worker at any moment."""
    base = Case(way, "", "", cargo="a sequence in a line")
    whole = play(house, base)
    assert (whole.wrong, whole.state) == ((), "published")
    chance = random.Random(f"{SEED} {way}")
    for place in chance.sample(whole.places("another joins"), DEATHS):
        case = replace(base, point=place, event="another joins")
        tally.add(case, play(house, case))
    proven(tally)


def test_the_tally_sees_a_part_that_is_there_twice(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never_there(session: object, outgoing: object) -> None:
        return None

    base = Case("read_back", "", "", cargo=CARGO)
    points = play(house, base).points
    second = [n for n, name in enumerate(points) if name == "store: done there, not told yet"][1]
    monkeypatch.setattr(publishing, "look_up", never_there)
    end = play(house, replace(base, point=second))
    assert (end.wrong, end.copies) == (("doubled",), 5)


def test_a_doubt_in_the_middle_keeps_the_turn(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """And without its turn another post would stand between two parts: the tally sees it."""
    base = Case("read_back", "", "", cargo="a sequence in a line")
    points = play(house, base).points
    second = [n for n, name in enumerate(points) if name == "store: about to leave"][1]
    lost = replace(base, point=second, event="answer lost")
    assert (play(house, lost).wrong, play(house, lost).state) == ((), "published")
    for name in ("SOME", "ALL"):
        monkeypatch.setattr(claim, name, getattr(claim, name).replace("s.part_since IS NOT NULL", "false"))
    assert "torn" in play(house, lost).wrong
