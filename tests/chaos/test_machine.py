"""Hypothesis looks for a sequence of events that breaks a promise of the ledger; see `machine.py`.

CHAOS_EXAMPLES and CHAOS_STEPS make it look longer, CHAOS_SEED elsewhere; CHAOS_SHRINK=1 makes what it finds short.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from kitestring.domains.publishing.actions import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules import next_step
from tests.chaos import machine
from tests.chaos.choice import SEED
from tests.chaos.house import House
from tests.chaos.machine import LAG, Deliveries

pytestmark = pytest.mark.django_db
EXAMPLES: Final = int(os.environ.get("CHAOS_EXAMPLES", "12"))
STEPS: Final = int(os.environ.get("CHAOS_STEPS", "30"))
PHASES: Final = (Phase.generate, *((Phase.shrink,) if os.environ.get("CHAOS_SHRINK") else ()))


def search(house: House, examples: int, begin: int = SEED) -> None:
    """The same search for the same `begin`. Nothing in it is timed: a busy machine is no reason to fail."""
    Deliveries.house = house
    calm = settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, database=None, phases=PHASES,
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    print(f"CHAOS_SEED={begin} CHAOS_EXAMPLES={examples} CHAOS_STEPS={STEPS}")  # noqa: T201 - whoever reads the log repeats it by these
    run_state_machine_as_test(seed(begin)(type("Seeded", (Deliveries,), {})), settings=calm)


def test_no_sequence_of_events_breaks_a_promise(house: House) -> None:
    search(house, EXAMPLES)


def test_it_finds_what_leaves_in_a_pause(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "pause", lambda *_: None)
    with pytest.raises(AssertionError, match="sent while paused"):
        search(house, 20, begin=1)


@pytest.fixture
def table(house: House) -> Iterator[Deliveries]:
    """Three posts on two accounts that can be read back, laid by hand, and a timeline that is late."""
    Deliveries.house = house
    found = Deliveries()
    found.begin(ways=["read_back", "read_back"], asks=False, lag=LAG)
    yield found
    transaction.set_rollback(True)
    found.atomic.__exit__(None, None, None)


def test_it_sees_a_look_that_comes_too_early(table: Deliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever believes the first look sends a second copy."""

    def believes(now: next_step.Standing) -> next_step.Next:
        return next_step.Next("scheduled", reason="proven_absent", sure=True)

    monkeypatch.setattr(next_step, "_absent", believes)
    table.fault("store", "lost_after")
    table.work_on(3)
    with pytest.raises(AssertionError, match="2 copies"):
        table.promises_hold()


def test_it_sees_what_is_said_to_have_failed_and_is_live(table: Deliveries) -> None:
    table.work_on(2)
    table.promises_hold()
    Delivery.objects.filter(state="published").update(state="failed")
    with pytest.raises(AssertionError, match="said not to be out and is"):
        table.promises_hold()


def test_it_sees_what_nobody_is_told_of(table: Deliveries, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that forgets dead workers leaves their deliveries in nobody's hands."""
    monkeypatch.setattr(sweep, "_lost_leases", lambda: 0)
    for place in range(30, 80, 3):
        table.work(at=place, what="dies")
        if Delivery.objects.filter(state="sending").exists():
            break
    with pytest.raises(AssertionError, match="sending"):
        table._come_to_rest(rounds=5)
