"""What shares a moment is cut off at it, and nothing else is."""

from __future__ import annotations

import asyncio

import pytest

from kitestring.kit import cutoff
from kitestring.kit.cutoff import cut_off_at


def _in(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


def _known() -> int:
    return len(cutoff._known.get(asyncio.get_running_loop(), {}))


async def _one(moment: float, seconds: float) -> str:
    try:
        with cut_off_at(moment):
            await asyncio.sleep(seconds)
    except TimeoutError:
        return "cut"
    return "done"


async def test_all_that_still_run_are_cut_off_and_the_others_are_not() -> None:
    moment = _in(0.05)
    assert await asyncio.gather(_one(moment, 9), _one(moment, 0), _one(moment, 9), _one(_in(9), 0.1)) == [
        "cut", "done", "cut", "done",
    ]  # fmt: skip
    assert _known() == 0


async def test_one_timer_serves_all_and_goes_with_the_last_of_them() -> None:
    moment = _in(9)
    running = [asyncio.create_task(_one(moment, 0.02 * n)) for n in range(3)]
    await asyncio.sleep(0.01)
    assert _known() == 1
    assert await asyncio.gather(*running) == ["done"] * 3
    assert _known() == 0


async def test_a_moment_that_is_over_cuts_at_the_first_wait() -> None:
    assert await _one(_in(-1), 9) == "cut"
    assert await _one(_in(-1), 0) == "done", "as nothing was waited for"


async def test_who_is_cancelled_by_somebody_else_is_cancelled() -> None:
    task = asyncio.create_task(_one(_in(9), 9))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert _known() == 0


async def test_after_it_was_cut_off_a_task_goes_on_as_any_other() -> None:
    moment = _in(0.02)
    assert await _one(moment, 9) == "cut"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    assert await _one(moment, 9) == "cut", "again, under the same moment"


async def test_an_error_of_its_own_is_not_turned_into_another() -> None:
    with pytest.raises(ValueError, match="mine"), cut_off_at(_in(9)):
        raise ValueError("mine")
