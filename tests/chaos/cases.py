"""One case: a way of safety, a fault, and a point to die at. What must be true of it once everything has come to rest."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from kitestring.domains.publishing.queries.deliveries import needing
from kitestring.domains.publishing.tests.harbour.manifests import WAYS
from tests.chaos.house import House
from tests.chaos.points import Points
from tests.chaos.sea.platform import FAULTS, PLAIN, fresh

ROUNDS: Final = 40
AT_REST: Final = frozenset({"published", "needs_attention", "failed", "held", "cancelled"})
SHOWN: Final = frozenset({"needs_attention", "failed", "held"})  # what Today's list puts before a person
QUIET: Final = ("late_to_show", "refuses_twins")  # how the platform is all the time
TROUBLES: Final[tuple[tuple[str, str], ...]] = (
    ("", ""),
    *((fault, "store") for fault in (*FAULTS, *PLAIN)),
    *((fault, "look") for fault in ("lost_before", "wrong_json", "busy", "trickle")),
    *((fault, "") for fault in QUIET),
)


@dataclass(frozen=True)
class Case:
    """`kill_at` None: nobody dies."""

    way: str
    fault: str
    at: str
    kill_at: int | None = None

    def __str__(self) -> str:
        where = "nobody dies" if self.kill_at is None else f"dies at point {self.kill_at}"
        return f"{self.way}, {self.fault or 'no fault'}{f' at {self.at}' if self.at else ''}, {where}"


@dataclass(frozen=True)
class End:
    """How a case ended: the state, how many copies there are, whether Today lists it for a person, the points its first
    process passed, and simulated seconds.
    """

    state: str
    reason: str
    copies: int
    told: bool
    points: tuple[str, ...]
    seconds: float

    @property
    def doubled(self) -> bool:
        return self.copies > 1

    @property
    def lost(self) -> bool:
        """Said to be out and is not, or let go of."""
        return (self.state == "published" and self.copies == 0) or self.state == "cancelled"

    @property
    def denied(self) -> bool:
        """Said to have failed, and is live."""
        return self.state == "failed" and self.copies > 0

    @property
    def stuck(self) -> bool:
        """Neither out nor before a person."""
        return self.state not in AT_REST or (self.state in SHOWN and not self.told)

    @property
    def with_a_person(self) -> bool:
        return self.state in SHOWN


def troubles() -> Iterator[Case]:
    """Every way of safety with every fault, and nobody dies."""
    for way in WAYS:
        for fault, at in TROUBLES:
            yield Case(way, fault, at)


def play(house: House, case: Case) -> End:
    """Play it to its end on an account of its own; nothing of it is left afterwards."""
    faults = {case.at: case.fault} if case.at else {}
    if case.at == "look" or case.fault in QUIET:
        faults["store"] = "lost_after"  # who was told everything never looks
    lag = 45.0 if case.fault == "late_to_show" else 0.0
    sea = fresh(faults, lag=lag, refuses_twins=case.fault == "refuses_twins")
    begun = house.moved
    random.seed(str(case))  # the engine's jitter
    with transaction.atomic():
        house.pass_(0)
        delivery = house.delivery(case.way, f"A warm cup, {case}")
        points = first = Points(case.kill_at)
        for _round in range(ROUNDS):
            if not house.round(points):
                points = Points()  # another process, which does not die
            delivery.refresh_from_db()
            if delivery.state in AT_REST:
                break
            house.wait(delivery)
        told = needing(house.world.owner, house.world.brand).filter(pk=delivery.pk).exists()
        transaction.set_rollback(True)
    return End(
        delivery.state, delivery.reason, sea.copies(str(delivery.key)), told, tuple(first.passed),
        (house.moved - begun).total_seconds(),
    )  # fmt: skip
