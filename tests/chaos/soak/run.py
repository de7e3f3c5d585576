"""One run: lays duties wave after wave, lets troubles happen by the timetable, and waits until everything has come to rest."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from kitestring.kit.clock import now
from tests.chaos.soak import channel
from tests.chaos.soak.database import AWAY
from tests.chaos.soak.fleet import Fleet
from tests.chaos.soak.ground import Ground
from tests.chaos.soak.script import Script
from tests.chaos.soak.watch import Watch

WAVE: Final = 5.0  # seconds from burst to burst
AHEAD: Final = 4.0
IN_A_BURST: Final = 0.7  # of a wave's duties; the others are due in between
TICK: Final = 0.1
LOOK_EVERY: Final = 0.5
SPARE: Final = (
    90.0  # seconds without any change until what is still open counts as stuck, beyond lease and settle time
)


class Run:
    """The loop of a run. `happened`: which troubles of ours were gone through, in order."""

    def __init__(self, fleet: Fleet, ground: Ground, watch: Watch, seed: str) -> None:
        self.fleet, self.ground, self.watch = fleet, ground, watch
        self.chance = random.Random(f"{seed} troubles")
        self.happened: list[tuple[str, float]] = []
        self._running: list[tuple[float, Iterator[float]]] = []
        self._begun = time.monotonic()
        self._next_wave = self._burst = 0.0
        self._looked = 0.0

    def to_next_burst(self) -> float:
        """Seconds until the next burst is due."""
        wait = self._burst - time.monotonic()
        return wait if wait > 0 else wait % WAVE

    def go(self, script: Script, say: Callable[[str], None]) -> int:
        """Everything; gives back how many are still open at the end."""
        self._begun = time.monotonic()
        left, waiting = script.deliveries, sorted(script.stories, key=lambda one: one[0])
        while left > 0 or waiting or self._running:
            if left > 0 and self._elapsed() >= self._next_wave:
                left -= self._wave(min(left, round(script.rate * WAVE)))
            while waiting and waiting[0][0] <= self._elapsed():
                _at, name, story = waiting.pop(0)
                say(f"{self._elapsed():6.1f} s  {name}")
                self.happened.append((name, time.monotonic()))
                self._running.append((0.0, story()))
            self._go_on()
            self._tick()
        return self._rest(say)

    def _wave(self, count: int) -> int:
        """A burst in one second, and some duties strewn about it; nothing yet while the database is away."""
        due = _whole(now() + timedelta(seconds=AHEAD))
        self._burst = time.monotonic() + (due - now()).total_seconds()
        burst = round(count * IN_A_BURST)
        strewn = [due + timedelta(seconds=self.chance.uniform(0.0, WAVE)) for _ in range(count - burst)]
        try:
            self.watch.add(self.ground.lay([due] * burst + strewn))
        except AWAY:
            connection.close()
            return 0
        self._next_wave = max(self._next_wave, self._elapsed() - TICK) + WAVE
        return count

    def _go_on(self) -> None:
        """Let every story that has waited long enough do its next deed."""
        for entry in [one for one in self._running if one[0] <= time.monotonic()]:
            self._running.remove(entry)
            try:
                wait = next(entry[1])
            except StopIteration:
                continue
            self._running.append((time.monotonic() + wait, entry[1]))

    def _tick(self) -> int | None:
        self.fleet.tend()
        time.sleep(TICK)
        if time.monotonic() - self._looked < LOOK_EVERY:
            return None
        self._looked = time.monotonic()
        return self.watch.look()

    def _rest(self, say: Callable[[str], None]) -> int:
        """Wait while anything still changes, and longer than a lease and a settle time after that."""
        say(f"{self._elapsed():6.1f} s  all laid; waiting until everything is at rest")
        self.watch.changed = time.monotonic()
        left: int | None = None
        while left is None or left > 0:
            found = self._tick()
            left = left if found is None else found
            if time.monotonic() - self.watch.changed > channel.LEASE + channel.SETTLE + SPARE:
                break
        say(f"{self._elapsed():6.1f} s  {'at rest' if not left else f'{left} still open'}")
        return left or 0

    def _elapsed(self) -> float:
        return time.monotonic() - self._begun


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
