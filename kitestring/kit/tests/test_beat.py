"""The looks that workers take by themselves keep out of the beginning of a second, where what people planned is sent."""

from __future__ import annotations

import asyncio

import pytest

from kitestring.kit import beat


@pytest.mark.parametrize("moment", [0.0, 0.3, 0.31, 0.9, 1700000000.29999, 1700000000.3, 1700000000.999])
@pytest.mark.parametrize("seconds", [1.0, 10.0])
def test_the_next_look_is_at_its_place_in_a_second_and_not_later_than_asked(
    moment: float, seconds: float
) -> None:
    wait = beat.pause(seconds, 0.3, moment)
    assert seconds - 1.001 < wait <= seconds + 1e-6
    assert (moment + wait) % 1 == pytest.approx(0.3, abs=1e-5)


def test_looks_that_are_close_together_are_only_that_far_apart() -> None:
    assert beat.pause(0.05, 0.3, 17.9) == 0.05


async def test_one_that_fails_goes_on_and_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looks, enough = 0, asyncio.Event()

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            enough.set()
        raise ValueError("nobody there")

    monkeypatch.setattr(beat, "_beats", [(0.001, look)])
    task = asyncio.create_task(beat.beat_on())
    await asyncio.wait_for(enough.wait(), 10)
    task.cancel()
    assert [record.message for record in caplog.records] == ["A look of the worker failed: look"]
