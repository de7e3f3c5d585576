"""One case: a way of safety, a fault, and what happens at which point. What must be true once everything has come to rest."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import pytest
from django.db import transaction

from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions import pictures
from kitestring.domains.publishing.tests.harbour.manifests import WAYS
from tests.chaos.events import ANYWHERE, EVENTS, happen
from tests.chaos.house import House
from tests.chaos.points import Points, reach
from tests.chaos.scene import SHOWN, Fate, laid
from tests.chaos.sea.platform import FAULTS, PLAIN, SEA, fresh

ROUNDS: Final = 40
QUIET: Final = ("late_to_show", "refuses_twins")  # how the platform is all the time
TROUBLES: Final[tuple[tuple[str, str], ...]] = (
    ("", ""),
    *((fault, "store") for fault in (*FAULTS, *PLAIN)),
    *((fault, "look") for fault in ("lost_before", "wrong_json", "busy", "trickle")),
    *((fault, "renew") for fault in ("lost_before", "busy")),
    *((fault, "") for fault in QUIET),
)
# What a fault needs before it is met at all.
BEFORE: Final = {
    "look": ("store", "lost_after"),
    "renew": ("store", "unauthorized"),
    "": ("store", "lost_after"),
}
# Ten seconds before the clocks of the brand's zone are changed.
BEGINS: Final = {
    "spring": datetime(2027, 3, 28, 0, 59, 50, tzinfo=UTC),
    "autumn": datetime(2027, 10, 31, 0, 59, 50, tzinfo=UTC),
}
ZONE: Final = "Europe/Berlin"


@dataclass(frozen=True)
class Case:
    """`point` None: nothing happens. `cargo`: see `CARGO`. `begins`: a change of the clocks lies before its hour."""

    way: str
    fault: str
    at: str
    point: int | None = None
    event: str = "dies"
    cargo: str = "one"
    begins: str = ""

    def __str__(self) -> str:
        more = "".join(
            f", {name}" for name in (self.begins, self.cargo if self.cargo != "one" else "") if name
        )
        fault = f"{self.fault or 'no fault'}{f' at {self.at}' if self.at else ''}"
        return f"{self.way}, {fault}{more}, {'nothing happens' if self.point is None else f'{self.event} at {self.point}'}"

    def again(self) -> str:
        """The line that plays it again."""
        return repr(self)


@dataclass(frozen=True)
class End:
    """How a case ended: each delivery's fate, the points its first process passed (`free`: with no transaction open),
    simulated seconds, and whether a token was lost that nobody could have kept.
    """

    fates: tuple[Fate, ...]
    points: tuple[str, ...]
    free: tuple[int, ...]
    seconds: float
    token_lost: bool = False

    @property
    def state(self) -> str:
        return self.fates[0].state

    @property
    def copies(self) -> int:
        return self.fates[0].copies

    @property
    def wrong(self) -> tuple[str, ...]:
        return tuple(name for fate in self.fates for name in fate.wrong)

    @property
    def with_a_person(self) -> int:
        return 0 if self.token_lost else sum(fate.state in SHOWN for fate in self.fates)

    def places(self, event: str) -> tuple[int, ...]:
        """Where `event` may happen: inside a transaction only what others cannot see coming."""
        return tuple(range(len(self.points))) if event in ANYWHERE else self.free


def troubles() -> Iterator[Case]:
    """Every way of safety with every fault, and nothing else happens."""
    for way in WAYS:
        for fault, at in TROUBLES:
            yield Case(way, fault, at)


def bases() -> Iterator[Case]:
    """All that is enumerated, before anything happens in it: every fault; and other cargoes and seasons."""
    yield from troubles()
    for way in WAYS:
        for cargo in ("a line", "two lines"):
            yield Case(way, "", "", cargo=cargo)
            yield Case(way, "lost_after", "store", cargo=cargo)
        for season in BEGINS:
            yield Case(way, "", "", begins=season)
        for fault, at in TROUBLES:
            yield Case(way, fault, at, cargo="a sequence")
        yield Case(way, "", "", cargo="a sequence in a line")
        yield Case(way, "lost_after", "store", cargo="a sequence in a line")
        yield Case(way, "", "", cargo="a picture")
        yield Case(way, "disk_full", "draw", cargo="a picture")


def play(house: House, case: Case) -> End:
    """Play it to its end on accounts of its own; nothing of it is left afterwards."""
    _arm(case)
    random.seed(str(case))  # the engine's jitter
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "draw", _drawn)
        first = Points(case.point)
        house.open(BEGINS.get(case.begins), first)
        if case.begins:
            house.world.brand.timezone = ZONE
            house.world.brand.save()
        scene = laid(house, case.way, case.cargo, str(case), ahead=15.0 if case.begins else 0.0)
        deed = EVENTS[case.event]
        first.deed = None if deed is None else lambda: happen(deed, scene)
        begun = house.time.elapsed
        for _round in range(ROUNDS):
            house.round()
            if scene.at_rest():
                break
            house.wait()
        fates = tuple(scene.fates())
        lost = Account.objects.filter(
            state="expired", pk__in=[d.account_id for d in scene.deliveries]
        ).exists()
        transaction.set_rollback(True)
    seconds = house.time.elapsed - begun
    return End(fates, tuple(first.passed), tuple(first.free), seconds, lost and _in_our_hands(case, first))


def _arm(case: Case) -> None:
    faults = {case.at: case.fault} if case.at else {}
    if (case.at in BEFORE and case.at) or case.fault in QUIET:
        step, fault = BEFORE[case.at]
        faults[step] = fault
    lag = 45.0 if case.fault == "late_to_show" else 0.0
    fresh(faults, lag=lag, refuses_twins=case.fault == "refuses_twins")


def _in_our_hands(case: Case, first: Points) -> bool:
    """It died with a token that it had been given and that lay nowhere yet: between the channel's deed and the disk."""
    between = ("renew: done there, not told yet", "renew: told", "shelf: about to be written")
    return case.event == "dies" and case.point is not None and first.passed[-1] in between


def _drawn(*given: object) -> object:
    reach("draw: about to begin")
    if SEA.faults.pop("draw", ""):
        raise OSError(28, "No space left on device")
    return DRAW(*given)


DRAW: Final = pictures.draw
