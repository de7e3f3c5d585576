"""Troubles on our side that leave every process alive: the queue emptied, the clock moved, the disk full, a change of mind."""

from __future__ import annotations

import io
import random
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final

import psutil
from django.db import connection
from PIL import Image

from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.models import Asset
from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now, offset
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Conflict
from tests.chaos.soak.channel import SIDE
from tests.chaos.soak.database import AWAY, move_clock, rows
from tests.chaos.soak.fleet import Fleet
from tests.chaos.soak.ground import Ground
from tests.chaos.soak.script import Story
from tests.chaos.soak.watch import Watch

JUMP: Final = timedelta(minutes=10)
ROOM: Final = 40_000  # bytes that a file may have while the disk is "full"
PICTURES, CANCELLED, PASSES = 6, 10, 5
HANDS_OFF: Final = 80  # half seconds to wait for that at most
SEEN_WITHIN: Final = 4.0  # seconds until every worker has noticed
FULL_FOR: Final = 16  # half seconds


class Meddling:
    """`moment`: seconds until the next burst is due."""

    def __init__(
        self, fleet: Fleet, ground: Ground, watch: Watch, chance: random.Random, moment: Callable[[], float]
    ) -> None:
        self.fleet, self.ground, self.watch, self.chance, self.moment = fleet, ground, watch, chance, moment
        self.too_late = 0
        self._moved = False

    def queue_emptied(self) -> Story:
        """Every job is gone in the middle of a burst: those that run, and those that were to wake somebody."""
        yield max(0.0, self.moment()) + self.chance.uniform(0.0, 0.3)
        yield from _deed(lambda: rows("DELETE FROM procrastinate_jobs"))

    def one_batch(self) -> Story:
        """Several workers are told at once to send whatever is due."""
        yield max(0.0, self.moment() - 1.5)

        def call() -> None:
            at = now() + timedelta(seconds=1.5)
            for _ in range(PASSES):
                enqueue("publishing.drain", at=at.replace(microsecond=0))

        yield from _deed(call)

    def cancelled_at_the_claim(self) -> Story:
        """Somebody cancels at the very second: either it is cancelled and never out, or it is too late and out once."""
        yield max(0.0, self.moment() - 1.0)
        due = [duty for duty in self.watch.duties.values() if now() < duty.due < now() + timedelta(seconds=2)]
        chosen = self.chance.sample(due, min(CANCELLED, len(due)))
        if not chosen:
            return
        first = min(duty.due for duty in chosen)
        time.sleep(min(2.0, max(0.0, (first - now()).total_seconds() - 0.01)))
        for duty in chosen:
            with suppress(*AWAY):
                self._cancel(Delivery.objects.get(pk=duty.id))
        connection.close()

    def _cancel(self, delivery: Delivery) -> None:
        self.watch.asked_to_cancel.add(delivery.pk)
        try:
            cancel(self.ground.member, delivery)
        except Conflict:
            self.too_late += 1

    def clock_back_and_on(self) -> Story:
        """The product's clock falls ten minutes back, and jumps ten minutes on in the middle of a burst."""
        if self._moved:
            return
        self._moved = True
        yield from self._jump(-JUMP)
        yield self.chance.uniform(4.0, 7.0)
        self.fleet.hands_off = True  # whoever has just begun cannot see a jump
        for _ in range(HANDS_OFF):
            if self.fleet.settled:
                break
            yield 0.5
        yield max(0.0, self.moment()) + self.chance.uniform(0.05, 0.6)
        yield from self._jump(JUMP)
        yield SEEN_WITHIN
        self._moved = self.fleet.hands_off = False

    def _jump(self, by: timedelta) -> Story:
        goal = offset() + by
        yield from _deed(lambda: move_clock(goal, self.fleet.clock))

    def disk_full(self) -> Story:
        """No file can grow while pictures are to be drawn for their channel; then there is room again."""
        assets: list[Asset] = []
        yield from _deed(lambda: assets.extend(self._assets()))
        due = now() + timedelta(seconds=2)
        yield from _deed(lambda: self.watch.add(self.ground.lay([due] * len(assets), assets)))
        for _ in range(FULL_FOR):
            self._limit(ROOM)  # whoever is started meanwhile too
            yield 0.5
        self._limit(resource.RLIM_INFINITY)

    def _assets(self) -> list[Asset]:
        return [
            add_asset(self.ground.member, self.ground.brand, f"{number}.png", [_picture(number)])
            for number in (self.chance.randrange(10**9) for _ in range(PICTURES))
        ]

    def _limit(self, most: int) -> None:
        for worker in self.fleet.workers():
            with suppress(psutil.Error):
                worker.rlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def _deed(work: Callable[[], object]) -> Story:
    """Do it as soon as the database is there; the run goes on meanwhile, or nobody would bring it back."""
    while True:
        try:
            work()
        except AWAY:
            connection.close()
            yield 0.3
        else:
            return


def _picture(number: int) -> bytes:
    """A noisy picture, larger than the channel takes."""
    noise = random.Random(number).randbytes((SIDE + 100) * 900)
    kept = io.BytesIO()
    Image.frombytes("L", (SIDE + 100, 900), noise).save(kept, "PNG", compress_level=1)
    return kept.getvalue()
