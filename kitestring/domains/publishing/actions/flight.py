"""One pass over one kind of work: takes a batch, calls beside each other, writes down and takes more in one visit.

What is in the air is bounded, each account has one delivery there, and no transaction is open while a call runs. A visit to
the database follows as soon as something is back, and at once where much is: so hundreds of answers cost a handful of
statements, and a free place is never empty for long. It is under way while what the one before took is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID
from weakref import WeakSet

from django.db import DatabaseError, OperationalError

from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.desks import Desk, Desks
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.presence import Presence, free_lanes
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.actions.speak import Speaker
from kitestring.kit import http
from kitestring.kit.ids import uuid7
from kitestring.kit.states import UndeclaredArrow

log = logging.getLogger(__name__)

GATHER: Final = 0.002
A_TURN: Final = 75  # taken in one visit: they are sent while the next visit takes more
ENOUGH: Final = 40  # answers that need not wait for others: a visit costs as much as some fifty of them
ASIDE_EVERY: Final = 1.0
FREE_EVERY: Final = 0.1
AWAY_FOR: Final = 0.5  # seconds until a database that went away is asked again
LAST_WORD: Final = 1.0  # seconds; with the worker's own GRACE less than whoever stops it waits
STALLED: Final = 1.0  # seconds without anything coming back
UNWRITABLE: Final = (DatabaseError, UndeclaredArrow, TypeError, ValueError, OverflowError, RecursionError)
PATIENCE: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
_leaving: WeakSet[asyncio.AbstractEventLoop] = WeakSet()
Take = Callable[[UUID, int], tuple[list[Claimed], bool]]


def stop_taking() -> None:
    """What is in the air here comes to its end and is written down; nothing more is taken, in this process's whole life."""
    _leaving.add(asyncio.get_running_loop())


@dataclass
class Visit:
    """What a visit to the database brought: new work with its desks. `begun`: when it was taken (loop time, seconds).

    `full`: as many as were asked for, so that there may be more.
    """

    begun: float = 0.0
    claimed: list[Claimed] = field(default_factory=list)
    desks: dict[UUID, Desk] = field(default_factory=dict)
    away: OperationalError | None = None
    full: bool = False


class Flight:
    """Work under an owner's name that is nobody else's. `aside`: what was passed over is also moved away."""

    def __init__(self, take: Take, speaker: Speaker, at_once: int, *, aside: bool = False) -> None:
        self.me = uuid7()
        self.take = take
        self.speaker = speaker
        self.at_once = at_once
        self.aside = aside
        self.desks = Desks.here()
        self.presence = Presence(self.me)
        self.asked = False
        self._aside_at = self._freed_at = 0.0
        self._passed_over = self._short = False
        self._stir = asyncio.Event()
        self._in_air = 0
        self._landed_at = 0.0

    @property
    def closing(self) -> bool:
        """Whether nothing more is taken."""
        return asyncio.get_running_loop() in _leaving

    def lively(self) -> bool:
        """Whether it has a free place, or something came back a moment ago."""
        free = self._in_air < self.at_once
        return free or asyncio.get_running_loop().time() - self._landed_at < STALLED

    def goes_on(self) -> bool:
        """Have it look for more now, if it is lively; False where somebody else had better begin."""
        if not self.lively():
            return False
        self.asked = True
        self._stir.set()
        return True

    async def run(self) -> int:
        """Take and call until there is nothing to take and nothing under way; gives back how many calls were made."""
        made = 0
        running: set[asyncio.Task[Result]] = set()
        back: list[Result] = []
        async with http.hold():
            try:
                visiting = self._visit(back, self.at_once)
                while True:
                    visit = await self._brought(visiting, back, alone=not running)
                    made, back = made + len(back), [*self._landed(running), *self._undone(visit)]
                    begin = [one for one in visit.claimed if one.account_id in visit.desks]
                    free = self.at_once - len(running) - len(begin)
                    on_its_way = visit.away is None and (len(back) >= ENOUGH or (visit.full and free > 0))
                    if on_its_way:
                        # Before what was just taken is sent: the database and the channels work beside each other.
                        visiting = self._visit(back, free)
                    running.update(self._begun(one, visit) for one in begin)
                    self._in_air = len(running)
                    if on_its_way:
                        continue
                    if not running and not back:
                        return made
                    back += await self._gathered(running)
                    visiting = self._visit(back, self.at_once - len(running))
            except asyncio.CancelledError:
                await self._last_words(running, back)
                raise
            finally:
                for task in running:
                    task.cancel()
                await self._leave()

    async def _last_words(self, running: set[asyncio.Task[Result]], back: list[Result]) -> None:
        """What is under way may still be answered for a moment, and each answer is written as it comes: whoever asked us to
        stop may not wait for the slowest.
        """
        until = asyncio.get_running_loop().time() + LAST_WORD
        await self._write([*back, *self._landed(running)])
        while running and (left := until - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(running, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            await self._write(self._landed(running))

    async def _gathered(self, running: set[asyncio.Task[Result]]) -> list[Result]:
        """What is back a moment after the first of it was, or after somebody asked us to go on."""
        await self._stir.wait()
        await asyncio.sleep(GATHER)
        self._stir.clear()
        return self._landed(running)

    def _landed(self, running: set[asyncio.Task[Result]]) -> list[Result]:
        back = _landed(running)
        if back:
            self._landed_at = asyncio.get_running_loop().time()
        return back

    def _undone(self, visit: Visit) -> list[Result]:
        """What was taken while the database went away goes back: without its account nothing of it can be sent."""
        if visit.away is None:
            return []
        asyncio.get_running_loop().call_later(AWAY_FOR, self._stir.set)
        if self.speaker.source != "sending":
            return []  # nothing was asked, and of that alone nothing follows: its lease runs out
        return [
            self.speaker.not_begun(one, None) for one in visit.claimed if one.account_id not in visit.desks
        ]

    def _begun(self, one: Claimed, visit: Visit) -> asyncio.Task[Result]:
        task = asyncio.create_task(self.speaker.one(one, visit.desks[one.account_id], visit.begun))
        task.add_done_callback(lambda _done: self._stir.set())
        return task

    async def _leave(self) -> None:
        try:
            await on_database(self.presence.leave)
        except DatabaseError:
            return  # whoever has no connection holds no lock

    def _visit(self, back: Sequence[Result], free: int) -> asyncio.Future[Visit]:
        self.asked = False
        begun, free = asyncio.get_running_loop().time(), 0 if self.closing else free
        return asyncio.ensure_future(on_database(self._on_database, back, free, begun))

    async def _brought(
        self, visiting: asyncio.Future[Visit], back: Sequence[Result], *, alone: bool
    ) -> Visit:
        """What the visit brought that took `back` along. `alone`: nothing else was under way when it began."""
        try:
            visit = await asyncio.shield(visiting)
        except asyncio.CancelledError:
            await self._give_back(visiting)
            raise
        except OperationalError:
            if alone and not back:
                raise
            await self._write(back)
            return Visit()
        except UNWRITABLE:
            if not back:
                raise
            await self._write_each(back)
            return Visit()
        if visit.away is not None and alone and not back:
            await self._write(self._undone(visit))
            raise visit.away
        return visit

    async def _give_back(self, visiting: asyncio.Future[Visit]) -> None:
        """Asked to stop in the middle of a visit: the database goes on with it, and nobody will begin what it takes."""
        try:
            visit = await visiting
        except (OperationalError, *UNWRITABLE):
            return
        await self._write(
            [
                self.speaker.not_begun(one, visit.desks[one.account_id])
                for one in visit.claimed
                if one.account_id in visit.desks
            ]
        )

    def _on_database(self, back: Sequence[Result], free: int, begun: float) -> Visit:
        if self.aside:
            self.presence.show()
        _close(self.me, back)
        visit = Visit(begun)
        try:
            # Before anything is taken: an error here must not leave what was taken without anybody to begin it.
            if self.aside and self._passed_over and begun - self._aside_at > ASIDE_EVERY:
                self._aside_at = begun
                set_aside()
            if self.aside and self._short and begun - self._freed_at > FREE_EVERY:
                # The accounts it found nothing on may be those of a worker that is gone.
                self._freed_at = begun
                free_lanes()
            wanted = min(free, A_TURN)
            visit.claimed, self._passed_over = self.take(self.me, wanted) if wanted > 0 else ([], False)
            visit.desks = self.desks.prepare(visit.claimed)
            visit.full = 0 < wanted == len(visit.claimed)
            self._short = len(visit.claimed) < wanted
        except OperationalError as error:
            # What is under way is brought to its end first.
            visit.away = error
        return visit

    async def _write(self, back: Sequence[Result]) -> None:
        """Write them down; a database that is away is waited for, because these answers exist nowhere else."""
        for wait in (*PATIENCE, None):
            try:
                await on_database(_close, self.me, back)
                return
            except OperationalError:
                if wait is None:
                    raise
                await asyncio.sleep(wait)
            except UNWRITABLE:
                await self._write_each(back)
                return

    async def _write_each(self, back: Sequence[Result]) -> None:
        """One answer that cannot be written must not take the others with it; its lease runs out, and it is looked up."""
        for result in back:
            try:
                await on_database(_close, self.me, [result])
            except UNWRITABLE:
                log.exception("What came of delivery %s could not be written.", result.delivery_id)


def _close(me: UUID, back: Sequence[Result]) -> None:
    """Write the answers down, and with them the end of each grant that a channel told."""
    close(me, back)
    for result in back:
        if result.next.account_ended:
            end_grant(result.account_id, result.next.reason)


def _landed(running: set[asyncio.Task[Result]]) -> list[Result]:
    done = {task for task in running if task.done()}
    running -= done
    for task in done:
        if not task.cancelled() and (broken := task.exception()):
            log.error(
                "What came of a delivery is not known: its lease runs out and it is looked up.",
                exc_info=broken,
            )
    return [task.result() for task in done if not task.cancelled() and task.exception() is None]
