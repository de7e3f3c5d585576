"""Every answer in every state leads along a declared arrow, nothing is sent after an unclear one, and waits stay in bounds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kitestring.domains.publishing.models import GRAPH
from kitestring.domains.publishing.rules import next_step, waiting
from kitestring.domains.publishing.rules.answers import (
    Absent,
    Answer,
    Ended,
    Later,
    Live,
    Refused,
    Taken,
    Unclear,
)
from kitestring.domains.publishing.rules.next_step import Next, Standing

ANSWERS: list[Answer] = [
    Live("1", "u"),
    Taken("h", 5.0),
    Later("busy", after=30.0),
    Later("not_reached"),
    Ended("grant_expired"),
    Refused("refused"),
    Unclear("no_answer"),
    Absent(),
]
# Nothing here is timed: a busy machine is no reason to fail.
calm = settings(deadline=None, suppress_health_check=list(HealthCheck))
STEPS = {
    "sending": next_step.after_send,
    "unknown": next_step.after_look,
    "processing": next_step.after_follow,
}
standings = st.builds(
    Standing,
    attempts=st.integers(1, 50),
    unclear=st.integers(0, 5),
    in_doubt=st.floats(0, 1e6),
    settle=st.none() | st.floats(0, 3600),
    deadline=st.floats(-1e4, 1e4),
    chance=st.floats(0, 1),
)


def step(state: str, answer: Answer, now: Standing) -> Next | None:
    """None where the answer cannot come."""
    if isinstance(answer, Absent) and state != "unknown":
        with pytest.raises(ValueError):
            STEPS[state](answer, now)
        return None
    return STEPS[state](answer, now)


@pytest.mark.parametrize("state", STEPS)
@calm
@given(answer=st.sampled_from(ANSWERS), now=standings)
def test_only_declared_arrows(state: str, answer: Answer, now: Standing) -> None:
    found = step(state, answer, now)
    if found is not None and found.state != state:
        assert GRAPH.allows(state, found.state), f"{state} -> {found.state} after {answer}"


@pytest.mark.parametrize("state", STEPS)
@calm
@given(answer=st.sampled_from(ANSWERS), now=standings)
def test_sent_again_only_when_nothing_went_out_surely(state: str, answer: Answer, now: Standing) -> None:
    found = step(state, answer, now)
    if found is None or found.state != "scheduled":
        return
    assert found.sure
    assert isinstance(answer, Later | Absent)
    if isinstance(answer, Absent):
        assert now.settle is not None
        assert now.in_doubt >= now.settle, "an early look must not be believed"
        assert now.unclear < waiting.UNCLEAR_LIMIT


@pytest.mark.parametrize("state", STEPS)
@calm
@given(answer=st.sampled_from(ANSWERS), now=standings)
def test_what_stays_open_has_a_next_moment(state: str, answer: Answer, now: Standing) -> None:
    found = step(state, answer, now)
    if found is not None and found.state in ("unknown", "processing"):
        assert found.wait is not None
        assert 0 <= found.wait <= 3600 + 1


@calm
@given(now=standings)
def test_without_a_look_up_a_person_decides(now: Standing) -> None:
    blind = Standing(now.attempts, now.unclear, now.in_doubt, None, now.deadline, now.chance)
    for answer in ANSWERS:
        found = next_step.after_look(answer, blind)
        assert (found.state, found.reason) == ("needs_attention", "no_look_up")


@calm
@given(state=st.sampled_from(["sending", "unknown", "processing"]), now=standings)
def test_live_is_live_wherever_it_is_learned(state: str, now: Standing) -> None:
    if state == "unknown" and now.settle is None:
        return
    found = STEPS[state](Live("7", "u"), now)
    assert found.state == "published"
    assert found.live == Live("7", "u")


@calm
@given(now=standings)
def test_unclear_begins_the_doubt_and_is_counted(now: Standing) -> None:
    found = next_step.after_send(Unclear("no_answer"), now)
    assert (found.state, found.doubt, found.unclear, found.sure) == ("unknown", True, 1, False)


@calm
@given(attempt=st.integers(-5, 10_000), chance=st.floats(0, 1))
def test_backoff_grows_and_stays_in_bounds(attempt: int, chance: float) -> None:
    wait = waiting.backoff(attempt, chance)
    assert waiting.FIRST_WAIT / 2 <= wait <= waiting.LONGEST_WAIT
    assert waiting.backoff(attempt, 0.0) <= waiting.backoff(attempt, 1.0)
    if attempt >= 1:
        assert waiting.backoff(attempt + 1, chance) >= wait


@calm
@given(asked=st.floats(0, 86_400), chance=st.floats(0, 1), attempt=st.integers(1, 50))
def test_retry_after_is_kept_to(asked: float, chance: float, attempt: int) -> None:
    assert asked <= waiting.backoff(attempt, chance, asked) <= asked + 1


@calm
@given(doubt=st.floats(0, 1e6), settle=st.floats(0, 3600))
def test_the_next_look_comes_after_the_settle_time(doubt: float, settle: float) -> None:
    wait = waiting.look_wait(doubt, settle)
    assert wait >= waiting.FIRST_LOOK
    assert doubt + wait > settle


@calm
@given(back=st.floats(0, 1e6), settle=st.floats(0, 3600))
def test_a_clock_put_back_never_makes_the_next_look_wait_for_it(back: float, settle: float) -> None:
    assert waiting.look_wait(-back, settle) <= max(waiting.FIRST_LOOK, settle + 0.5)


@calm
@given(late=st.floats(-1e6, 1e6), tolerance=st.integers(0, 10**6))
def test_lateness(late: float, tolerance: int) -> None:
    due = datetime(2026, 11, 22, 8, tzinfo=UTC)
    at = due + timedelta(seconds=late)
    assert waiting.lateness(due, at) >= 0
    assert waiting.too_late(due, at, tolerance) == ((at - due).total_seconds() > tolerance)


def test_the_lease_leaves_room_for_every_call() -> None:
    assert waiting.CALL_TIMEOUT < 0.2 * waiting.LEASE
    assert waiting.START_BY <= 0.8
    assert waiting.START_BY < waiting.STOP_AT < 1
