"""Troubles on our side that end processes: each is a little story that says how long to wait before it goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import psutil

from kitestring.domains.publishing.actions.presence import lock_of
from kitestring.kit.postgres.place import noted_folder
from tests.chaos.soak import channel
from tests.chaos.soak.database import glance
from tests.chaos.soak.fleet import Fleet
from tests.chaos.soak.script import Story
from tests.chaos.soak.watch import HELD, Watch

# Who sends visits the database every few hundredths of a second, to take and to write down; who asks about others does not.
SENDER: Final = r"""SELECT application_name FROM pg_stat_activity
WHERE application_name LIKE 'soak-%' AND query ~ '^\s*(WITH\s+(facts|r) AS|INSERT INTO publishing_lane|EXECUTE)'
  AND clock_timestamp() - state_change < interval '0.1 seconds' ORDER BY state_change DESC LIMIT 1"""
IN_AIR: Final = "SELECT owner, count(*) FROM publishing_delivery WHERE state = 'sending' GROUP BY owner"
HOLDERS: Final = """SELECT (l.classid::bigint << 32) | l.objid::bigint, a.application_name
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND a.application_name LIKE 'soak-%'"""
LOOKS: Final = 40  # for a sender, a hundredth of a second apart
AT_WORK: Final = 8  # deliveries in somebody's hands: a burst is under way
ASLEEP: Final = channel.LEASE + channel.SETTLE + 4.0  # seconds
BROKEN: Final = "shared_buffers = 'nothing'\n"  # the server does not start with it


class Killing:
    """`moment`: seconds until the next burst is due, so that a death comes in the middle of one."""

    def __init__(
        self, fleet: Fleet, watch: Watch, chance: random.Random, moment: Callable[[], float], away: float
    ) -> None:
        self.fleet, self.watch, self.chance, self.moment, self.away = fleet, watch, chance, moment, away

    def worker_once(self) -> Story:
        """kill -9 of one worker while it sends."""
        yield from self._in_a_burst()
        self._kill_worker("kill -9 of a worker")

    def every_worker(self) -> Story:
        """kill -9 of all workers at one instant: whatever is in the air then is hit."""
        yield from self._in_a_burst()
        self.watch.before_kill("kill -9 of every worker")
        for one in self.fleet.workers():
            with suppress(psutil.Error):
                one.kill()

    def worker_five_times(self) -> Story:
        """The same five times in a burst, whichever sends then."""
        yield from self._in_a_burst()
        for _ in range(5):
            self._kill_worker("kill -9 of a worker, one of five")
            yield self.chance.uniform(0.4, 2.0)

    def worker_for_good(self) -> Story:
        """One of the workers dies and is not started again; the others go on."""
        yield from self._in_a_burst()
        place = self.chance.randrange(len(self.fleet.extras))
        self.fleet.resting.add(place)
        if (one := self.fleet.extras[place]) is not None and one.poll() is None:
            self.watch.before_kill("kill -9 of a worker, for good")
            one.kill()
            one.wait()

    def worker_asleep(self) -> Story:
        """A worker stands still in the middle of a burst, and goes on after everybody took it for dead."""
        yield from self._in_a_burst()
        chosen = self._busiest()
        if chosen is None:
            return
        with suppress(psutil.Error):
            chosen.suspend()
            yield ASLEEP
            chosen.resume()

    def supervisor(self) -> Story:
        """kill -9 of `kitestring up`; its children and its database end with it. Somebody starts it again."""
        yield from self._in_a_burst()
        if self.fleet.up is None:
            return
        self.watch.before_kill("kill -9 of the supervisor")
        self.fleet.up.kill()
        self.fleet.up.wait()

    def postgres(self) -> Story:
        """kill -9 of the database server; the supervisor starts it again."""
        yield from self._in_a_burst()
        self.watch.before_kill("kill -9 of PostgreSQL")
        self._kill_postgres()

    def postgres_away(self) -> Story:
        """The server dies and cannot be started for a while."""
        yield from self._in_a_burst()
        settings = noted_folder(self.fleet.home) / "data" / "postgresql.auto.conf"
        whole = settings.read_bytes()
        self.watch.before_kill(f"PostgreSQL gone for {self.away:.0f} s")
        with settings.open("ab") as more:
            more.write(BROKEN.encode())
        self._kill_postgres()
        yield self.away
        with settings.open("r+b") as again:  # the same file: it belongs to the server's own user
            again.truncate(len(whole))

    def upgrade(self) -> Story:
        """A new worker beside an old one, which is asked to stop in the middle of a burst."""
        yield from self._in_a_burst()
        place = self.chance.randrange(len(self.fleet.extras))
        old = self.fleet.extras[place]
        self.fleet.aged.discard(place)
        self.fleet.start_extra(place)
        yield self.chance.uniform(1.5, 3.0)
        if old is not None:
            old.send_signal(signal.SIGTERM)
            while old.poll() is None:
                yield 0.2

    def upgrade_whole(self) -> Story:
        """The whole instance is stopped by SIGTERM and started again, its database with it."""
        yield from self._in_a_burst()
        up = self.fleet.up
        if up is None:
            return
        up.send_signal(signal.SIGTERM)
        while up.poll() is None:
            yield 0.2

    def _in_a_burst(self) -> Story:
        while self.fleet.hands_off:
            yield 0.3
        yield max(0.0, self.moment() - 0.2)
        deadline = time.monotonic() + 2.0
        while time.monotonic() < deadline and len(glance(HELD) or ()) < AT_WORK:
            time.sleep(0.01)
        time.sleep(self.chance.uniform(0.0, 0.1))

    def _kill_worker(self, what: str) -> None:
        """Whoever has a batch now; anybody when it cannot be told."""
        chosen = self._sender()
        self.watch.before_kill(what)
        if chosen is not None:
            with suppress(psutil.Error):
                chosen.kill()

    def _sender(self) -> psutil.Process | None:
        """Whoever sends now; anybody when it cannot be told."""
        for _ in range(LOOKS):
            if found := glance(SENDER):
                return self.fleet.named(found[0][0])
            time.sleep(0.01)
        living = self.fleet.workers()
        return self.chance.choice(living) if living else None

    def _busiest(self) -> psutil.Process | None:
        """Whoever has most in the air; anybody when nobody has anything."""
        for _ in range(LOOKS):
            in_air = {lock_of(owner): count for owner, count in glance(IN_AIR) or ()}
            holders = [(in_air.get(lock, 0), name) for lock, name in glance(HOLDERS) or ()]
            for count, name in sorted(holders, reverse=True):
                if count and (found := self.fleet.named(name)):
                    return found
            time.sleep(0.01)
        living = self.fleet.workers()
        return self.chance.choice(living) if living else None

    def _kill_postgres(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.fleet.postmaster(), signal.SIGKILL)
