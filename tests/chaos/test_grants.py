"""A process dies at every point of a renewal whose token works once: the account is kept, or a person is told at once."""

from __future__ import annotations

import pytest

from tests.chaos.cases import Case, play
from tests.chaos.house import House
from tests.chaos.tally import Tally

pytestmark = pytest.mark.django_db
ENDED = Case("native_key", "unauthorized", "store")
# The channel has spent the old token, and the new one lies nowhere yet: no order of things can keep it.
IN_HAND = ("renew: done there, not told yet", "renew: told", "shelf: about to be written")


def around(points: tuple[str, ...]) -> range:
    """From the transaction that asks the channel to the one that stores what it gave, and the jobs that follow."""
    asked = points.index("renew: about to leave")
    return range(asked - 4, min(len(points), asked + 16))


def test_no_crash_in_a_renewal_loses_an_account(house: House, tally: Tally) -> None:
    whole = play(house, ENDED)
    assert (whole.state, whole.points.count("renew: told")) == ("published", 1)
    ended = {}
    for place in around(whole.points):
        case = Case(ENDED.way, ENDED.fault, ENDED.at, place)
        end = play(house, case)
        tally.add(case, end)
        ended[whole.points[place]] = ended.get(whole.points[place], set()) | {end.state}
    assert not any(tally.wrong.values()), "\n".join(tally.lines())
    assert {name for name, states in ended.items() if states != {"published"}} == set(IN_HAND), ended


@pytest.mark.parametrize("event", ["database away", "commit unheard"])
def test_a_database_that_is_away_in_a_renewal_loses_no_account(
    house: House, tally: Tally, event: str
) -> None:
    """The process lives: what it was given lies on the disk, whatever becomes of the commit."""
    whole = play(house, ENDED)
    for place in around(whole.points):
        if place in whole.places(event):
            case = Case(ENDED.way, ENDED.fault, ENDED.at, place, event)
            end = play(house, case)
            tally.add(case, end)
            assert (end.state, end.copies) == ("published", 1), case.again()
    assert not any(tally.wrong.values()), "\n".join(tally.lines())
