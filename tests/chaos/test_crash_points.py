"""At every statement, commit and step of a call something happens, for every way of safety and every fault.

All cases are far too many for each run of the suite: it plays some, chosen by CHAOS_SEED (1), CHAOS_CASES (96) in all;
`CHAOS_CASES=all` plays every one. What fails is named as the line that plays it again.
"""

from __future__ import annotations

import pytest

from kitestring.domains.publishing.actions import sweep
from tests.chaos import events
from tests.chaos.cases import Case, play, troubles
from tests.chaos.choice import SEED, SHARES, Share
from tests.chaos.house import House
from tests.chaos.sea import publishing
from tests.chaos.tally import Tally

pytestmark = pytest.mark.django_db
WAYS = ("native_key", "two_step", "read_back", "none")


def proven(tally: Tally) -> None:
    told = "\n".join([f"CHAOS_SEED={SEED}", *tally.lines()])
    assert not any(tally.wrong.values()), told
    assert tally.ends_in("unknown") == 0
    assert tally.with_a_person <= 0.5 or tally.looked_up < 200, told


@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_happens_wherever_nothing_doubles_or_is_lost(house: House, tally: Tally, share: int) -> None:
    Share(share).play(house, tally)
    proven(tally)


@pytest.mark.parametrize("way", WAYS)
def test_every_fault_alone(house: House, tally: Tally, way: str) -> None:
    for case in troubles():
        if case.way == way:
            tally.add(case, play(house, case))
    proven(tally)


@pytest.mark.parametrize("way", ["read_back", "native_key"])
def test_the_tally_sees_a_second_copy(house: House, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """What would be wrong is seen: a channel that hides what it has is sent to twice, unless it keeps the key itself."""

    async def never_there(session: object, outgoing: object) -> None:
        return None

    monkeypatch.setattr(publishing, "look_up", never_there)
    end = play(house, Case(way, "lost_after", "store"))
    assert (end.wrong, end.copies) == ((("doubled",), 2) if way == "read_back" else ((), 1))


def test_the_tally_sees_what_left_in_a_pause(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "pause", lambda *_: None)
    monkeypatch.setattr(events, "resume", lambda *_: None)
    assert play(house, Case("read_back", "", "", 0, "brand paused")).wrong == ("disobeyed",)


def test_the_tally_sees_what_a_dead_worker_keeps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "_lost_leases", lambda: 0)
    place = play(house, Case("read_back", "", "")).points.index("store: about to leave")
    assert play(house, Case("read_back", "", "", place)).wrong == ("stuck",)


def test_the_tally_sees_who_overtook(house: House) -> None:
    """Two on one account stand the other way round there."""
    lines = Case("read_back", "", "", cargo="a line")
    assert play(house, lines).wrong == ()

    def turned(key: str) -> int:
        return -publishing.SEA.__class__.place(publishing.SEA, key) + 10

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing.SEA, "place", turned)
        assert "disordered" in play(house, lines).wrong


def test_the_same_case_is_the_same_run(house: House) -> None:
    """A failing case can be played again: it passes the same points and dies at the same one."""
    whole = play(house, Case("two_step", "error_after", "store"))
    place = whole.points.index("store: done there, not told yet")
    first, second = (play(house, Case("two_step", "error_after", "store", place)) for _ in range(2))
    assert first.points == second.points == whole.points[: place + 1]
    assert (first.state, first.copies) == (second.state, second.copies) == ("published", 1)


def test_what_was_not_committed_dies_with_its_process(house: House) -> None:
    """Who dies before the commit of a claim leaves no claim: another one sends it at once, at its first try."""
    whole = play(house, Case("read_back", "", ""))
    commits = [n for n, name in enumerate(whole.points) if name == "before RELEASE SAVEPOINT"]
    sent = whole.points.index("store: about to leave")
    claim = max(n for n in commits if n < sent)
    assert play(house, Case("read_back", "", "", claim)).seconds < 5
    assert play(house, Case("read_back", "", "", claim + 1)).seconds > 100, (
        "committed: its lease is waited for"
    )


def test_a_clock_set_in_a_doubt_is_no_settle_time(house: House, tally: Tally) -> None:
    """Found here: the timeline is late, the clock goes ten minutes ahead, and the look that follows came too early."""
    base = Case("read_back", "late_to_show", "")
    doubted = play(house, base).points.index("store: done there, not told yet")
    for place in range(doubted, doubted + 40, 6):
        case = Case("read_back", "late_to_show", "", place, "clock ahead")
        tally.add(case, play(house, case))
    proven(tally)


def test_what_goes_wrong_at_a_look_is_met(house: House) -> None:
    """A fault that nobody comes to proves nothing."""
    end = play(house, Case("read_back", "busy", "look"))
    assert end.points.count("look: about to leave") == 2
    assert (end.state, end.copies) == ("published", 1)
