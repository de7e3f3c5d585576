"""A minute of the soak in every run of the suite: each kill once, each trouble there, and one copy of everything.

It asserts no time. A run that fails prints its seed and each wrong delivery with its attempts; `bin/chaos --seed` makes it again.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from tests.chaos.soak.circumstances import QUESTIONS
from tests.chaos.soak.database import glance
from tests.chaos.soak.ground import Duty
from tests.chaos.soak.plan import BLOCK, STORE, of_duty
from tests.chaos.soak.recovery import LOST, Ledger, Try
from tests.chaos.soak.verdict import End
from tests.chaos.soak.watch import Kill

SEED: Final = os.environ.get("CHAOS_SEED", "1")
DELIVERIES: Final = 400
PATIENCE: Final = 900  # seconds, for a machine with much else to do
LAST: Final = re.compile(
    r"chaos deliveries=(\d+) doubled=0 lost=0 stuck=0 unknown_open=0 needs_person_lookup_pct=([0-9.]+) cases=(\d+)"
)
KILLS: Final = (
    "kill -9 of a worker",
    "kill -9 of the supervisor",
    "kill -9 of PostgreSQL",
    "PostgreSQL gone",
)


def test_nothing_is_doubled_or_lost_by_real_deaths() -> None:
    words = ["--deliveries", str(DELIVERIES), "--seed", SEED, "--away", "8"]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.soak", *words],
        env=plain,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    said = _what_is_wrong(done.stdout, done.stderr)
    last = LAST.fullmatch((done.stdout.strip().splitlines() or [""])[-1])
    assert done.returncode == 0, said
    assert last, said
    assert int(last[1]) >= DELIVERIES
    assert all(kill in done.stdout for kill in KILLS), said


def _what_is_wrong(out: str, err: str) -> str:
    """The wrong deliveries first: whoever shortens a long report must leave what says why."""
    before, found, wrong = out.partition("\nWRONG.")
    return f"{found}{wrong[:16_000]}\n{err[-5_000:]}\n{before[-8_000:]}"


@pytest.mark.django_db
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_after_a_bad_end_can_be_answered(question: str) -> None:
    assert glance(QUESTIONS[question]) is not None


def test_every_trouble_is_drawn() -> None:
    """Of each block of every way of safety, each trouble at the storing call meets at least one duty, alone."""
    for way in range(4):
        plans = [of_duty("any", way + 4 * place) for place in range(BLOCK)]
        assert {plan.store[0] for plan in plans if len(plan.store) == 1} == set(STORE)
        assert sum(not plan.store and not plan.prepare for plan in plans) >= BLOCK // 3


HOUR: Final = now()
ACCOUNT: Final = uuid7()


def _try(delivery: UUID, begin: float, end: float | None, outcome: str, reason: str = "") -> Try:
    """`begin`, `end`: seconds after the kill."""
    hours = [None if s is None else HOUR + timedelta(seconds=s) for s in (begin, end)]
    assert hours[0]
    return Try(ACCOUNT, delivery, HOUR, hours[0], hours[1], "publish", 0, outcome, reason)


def _hit(looked: str = "proven_absent") -> list[Try]:
    one = uuid7()
    return [
        _try(one, -0.1, None, "unknown", LOST),
        _try(one, 18.5, 19.0, "scheduled", looked),
        _try(one, 25.0, 25.1, "published"),
    ]


@pytest.mark.parametrize(
    ("beside", "plain"),
    [
        ([], True),
        ([_try(uuid7(), 2.0, 9.0, "published")], True),  # it waited for its lease then, not for its turn
        ([_try(uuid7(), 18.0, 24.0, "published")], False),
        ([_try(uuid7(), 14.0, None, "unknown", LOST)], False),
    ],
)
def test_what_waited_for_its_turn_did_not_meet_the_kill_alone(beside: list[Try], plain: bool) -> None:
    hit = _hit()
    kill = Kill("a kill", 0.0, HOUR, frozenset(), frozenset())
    assert Ledger([*hit, *beside]).plain(kill, hit[0].delivery) is plain


def test_what_met_a_trouble_at_a_look_did_not_meet_the_kill_alone() -> None:
    hit = _hit("busy")
    kill = Kill("a kill", 0.0, HOUR, frozenset(), frozenset())
    assert not Ledger(hit).plain(kill, hit[0].delivery)


@pytest.mark.parametrize(
    ("state", "copies", "wrong"),
    [
        ("published", 1, []),
        ("published", 2, ["doubled"]),
        ("published", 0, ["lost"]),
        ("failed", 1, ["lost"]),
        ("failed", 0, []),
        ("cancelled", 0, ["lost"]),
        ("needs_attention", 1, []),
        ("sending", 0, ["stuck"]),
        ("scheduled", 0, ["stuck"]),
        ("unknown", 1, ["unknown_open"]),
        ("", 0, ["lost", "stuck"]),
    ],
)
def test_what_is_wrong_is_seen(state: str, copies: int, wrong: list[str]) -> None:
    duty = Duty(1, uuid7(), "read_back", uuid7(), now())
    assert End(duty, state, "", copies, listed=True, met=()).wrong == wrong


@pytest.mark.parametrize(
    ("later", "out", "in_order", "wrong"),
    [
        ((1, 1, 1), 4, True, []),
        ((1, 2, 1), 4, True, ["doubled"]),
        ((1, 0, 1), 4, True, ["lost"]),
        ((1, 1, 1), 4, False, ["lost"]),
    ],
)
def test_each_part_of_a_sequence_is_counted(
    later: tuple[int, ...], out: int, in_order: bool, wrong: list[str]
) -> None:
    duty = Duty(1, uuid7(), "read_back", uuid7(), now())
    end = End(duty, "published", "", 1, listed=True, met=(), later=later, out=out, in_order=in_order)
    assert end.wrong == wrong


def test_what_nobody_lists_is_stuck_and_what_was_asked_for_is_not_lost() -> None:
    duty = Duty(1, uuid7(), "read_back", uuid7(), now())
    assert End(duty, "needs_attention", "", 1, listed=False, met=()).wrong == ["stuck"]
    assert End(duty, "cancelled", "", 0, listed=False, met=(), cancelled=True).wrong == []
    assert End(duty, "cancelled", "", 1, listed=False, met=(), cancelled=True).wrong == ["lost"]
