"""Hypothesis looks for a sequence of events that breaks a promise of the ledger; see `machine.py`.

CHAOS_EXAMPLES and CHAOS_STEPS make it look longer, CHAOS_SEED elsewhere; CHAOS_SHRINK=1 makes what it finds short.
"""

from __future__ import annotations

import os
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from kitestring.domains.publishing.rules import next_step
from tests.chaos import machine
from tests.chaos.choice import SEED
from tests.chaos.house import House
from tests.chaos.machine import Deliveries

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
    print(f"CHAOS_SEED={begin} CHAOS_EXAMPLES={examples} CHAOS_STEPS={STEPS}")  # noqa: T201
    run_state_machine_as_test(seed(begin)(type("Seeded", (Deliveries,), {})), settings=calm)


def test_no_sequence_of_events_breaks_a_promise(house: House) -> None:
    search(house, EXAMPLES)


def test_it_finds_what_leaves_in_a_pause(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "pause", lambda *_: None)
    with pytest.raises(AssertionError, match="sent while paused"):
        search(house, 20, begin=1)


def test_it_finds_a_look_that_comes_too_early(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever believes the first look sends a second copy where the timeline is late."""

    def believes(now: next_step.Standing) -> next_step.Next:
        return next_step.Next("scheduled", reason="proven_absent", sure=True)

    monkeypatch.setattr(next_step, "_absent", believes)
    with pytest.raises(AssertionError, match="2 copies"):
        search(house, 60, begin=1)
