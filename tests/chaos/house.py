"""A house with one brand on the simulated channel, its clock, and the rounds of its workers. No thread and no socket is in it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from kitestring.connectorkit import registry
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels import sessions
from kitestring.domains.channels.actions.renew import recover
from kitestring.domains.channels.models import Account, StoredGrant
from kitestring.domains.composing.queries import content
from kitestring.domains.publishing.actions import database, flight, presence, steady
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.deliver import ask_around, drain
from kitestring.domains.publishing.actions.look_round import look_round
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.tests.conftest import renewals
from kitestring.domains.publishing.tests.harbour.manifests import FACT, WAYS, manifest, text
from kitestring.kit import clock, ids, prepared, shelf
from kitestring.kit.crypto import Vault
from tests.chaos import points
from tests.chaos.loop import Timeline, run
from tests.chaos.points import Points, outside, reach
from tests.chaos.sea.platform import SEA
from tests.chaos.sequences import cut
from tests.world import World

BEGINNING: Final = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
AN_HOUR: Final = 3600.0  # how long the machine runs already when a case begins
SEA_FOLDER: Final = Path(__file__).parent / "sea"
PICTURES: Final = {"count": 4, "mimes": ["image/jpeg"], "bytes": 50_000, "side": 64, **FACT}
QUOTA: Final = {"key": "posts", "limit": 6, "window": "hour", "label": text("Posts"), **FACT}
# The next moment anything in the house waits for.
AWAITED: Final = """
SELECT min(extract(epoch FROM at - ks_now())) FROM (
    SELECT unnest(ARRAY[not_before, lease_until, processing_until, CASE WHEN state = 'scheduled' THEN due_at END]) AS at
    FROM publishing_delivery WHERE state IN ('scheduled', 'sending', 'unknown', 'processing', 'partly_out', 'published')
    UNION ALL SELECT unnest(ARRAY[lease_until, not_before]) FROM publishing_lane
) AS moments WHERE at > ks_now()"""


def connector(way: str) -> Connector:
    kind = {**manifest(way).kinds[0].model_dump(by_alias=True), "media": PICTURES, "quota": QUOTA["key"]}
    return Connector(manifest(way, kinds=[kind], quotas=[QUOTA]), "tests.chaos.sea", SEA_FOLDER)


async def _swept() -> None:
    await on_database(sweep)
    await on_database(look_round)


async def _renewed() -> None:
    await on_database(recover)
    await on_database(renewals)


Job = Callable[[], Coroutine[Any, Any, Any]]
JOBS: Final[tuple[Job, ...]] = (_swept, drain, ask_around, drain, _renewed)


@dataclass
class House:
    """`crew`: the processes that work here now, `jobs`: what each does in a round.

    `later`: what a person does at a moment of the timeline.
    """

    world: World
    time: Timeline
    crew: list[Points] = field(default_factory=lambda: [Points()])
    later: list[tuple[float, Callable[[], object]]] = field(default_factory=list)
    jobs: Sequence[Job] = JOBS

    def open(self, at: datetime | None = None, first: Points | None = None) -> None:
        """As on the first day: the clock at `at` (else where it was when the house was built), one process, no plans."""
        self.time.elapsed = AN_HOUR
        self.time.jumped = 0.0
        self.time.tell()
        self.time.jump(((at or BEGINNING) - clock.now()).total_seconds())
        self.crew, self.later = [first or Points()], []
        SEA.clock = lambda: self.time.elapsed
        steady._seen = None
        points.SERVER.away, points.SERVER.deaf = (lambda: False), False

    def account(self, way: str, name: str, **more: Any) -> Account:
        """Its grant can be renewed, and each renewal spends the token before it."""
        account = Account.objects.create(
            workspace=self.world.workspace, brand=self.world.brand, channel=f"harbour-{way.replace('_', '-')}",
            account_type=way, remote_id=f"{way}-{name}", handle=f"@{name}", name=name, **more,
        )  # fmt: skip
        sealed = Vault(settings.CRYPTO_KEYS).seal({"token": SEA.first_token(account.remote_id)})
        StoredGrant.objects.create(
            account=account, sealed=sealed, renewed_at=clock.now() - timedelta(hours=1)
        )
        return account

    def round(self) -> None:
        """What workers do once: sweep, send, ask, send again, renew. Who died on the way is followed by another process."""
        with connection.execute_wrapper(points.on_django):
            run(self.time, self.crew, self._work)
        if any(one.dead for one in self.crew):
            steady._seen = None  # what a process remembers goes with it
        self.crew = [Points() if one.dead else one for one in self.crew]

    async def _work(self) -> None:
        for job in self.jobs:
            try:
                await job()
            except OperationalError:
                await asyncio.sleep(1)  # it failed, and the next one is tried

    def joins(self) -> None:
        """Another worker begins this moment, and works beside the first from now on."""
        self.crew.append(Points())

    def goes_away(self, seconds: float) -> None:
        """The database answers nobody for so long."""
        back = self.time.elapsed + seconds
        points.SERVER.away = lambda: self.time.elapsed < back

    def plan(self, seconds: float, deed: Callable[[], object]) -> None:
        self.later.append((self.time.elapsed + seconds, deed))

    def wait(self) -> None:
        """Let time pass until the next moment that anything here waits for; a second where it waits for none."""
        with connection.cursor() as cursor:
            cursor.execute(AWAITED)
            (found,) = cursor.fetchone()
        planned = min((at - self.time.elapsed for at, _deed in self.later), default=1.0)
        seconds = planned if found is None else float(found) + 0.05
        if self.later:
            seconds = min(seconds, planned)
        self.time.pass_(max(0.0, seconds))
        for plan in [one for one in self.later if one[0] <= self.time.elapsed]:
            self.later.remove(plan)
            plan[1]()


def _inline(work: Callable[..., Any], **_how: object) -> Callable[..., Coroutine[Any, Any, Any]]:
    """In the loop's own thread, so that a run with the same points is the same run."""

    async def done(*given: Any) -> Any:
        await asyncio.sleep(0)
        reach("to the database")
        with outside():
            found = work(*given)
        reach("back from the database")
        return found

    return done


def _in_place(work: Callable[..., Coroutine[Any, Any, Any]]) -> Callable[..., Any]:
    """A coroutine that plain code waits for, in this thread: the database knows no other."""

    def done(*given: Any) -> Any:
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(work(*given))
        finally:
            loop.close()

    return done


class _Cursor(psycopg.Cursor[Any]):
    """The cursor of the prepared statements, which pass Django by."""

    def execute(self, query: Any, *given: Any, **more: Any) -> Any:
        return points.statement(str(query), lambda: super(_Cursor, self).execute(query, *given, **more))


def _put(self: shelf.Shelf, *given: Any) -> None:
    reach("shelf: about to be written")
    REAL_PUT(self, *given)
    reach("shelf: written")


def _show(self: presence.Presence) -> None:
    REAL_SHOW(self)
    points.holds(presence.lock_of(self._owner), still=True)


def _leave(self: presence.Presence) -> None:
    REAL_LEAVE(self)
    points.holds(presence.lock_of(self._owner), still=False)


REAL_CONTENT: Final = content.variant_content
REAL_PUT: Final = shelf.Shelf.put
REAL_SHOW: Final = presence.Presence.show
REAL_LEAVE: Final = presence.Presence.leave


class _Stopped(datetime):
    """The machine's clock as `kit.clock` sees it: it stands."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return BEGINNING


STOPPED: Final = f"""CREATE OR REPLACE FUNCTION ks_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
SELECT timestamptz '{BEGINNING.isoformat()}' + current_setting('kitestring.clock_offset')::interval $$"""


@contextmanager
def simulated(world: World, folder: Path) -> Iterator[House]:
    """The house, with the simulated channel in the registry, the engine without threads and without pauses, and no clock
    but the timeline's: all of it is gone with the test's transaction.
    """
    known = registry.connectors()
    ours = [connector(way) for way in WAYS]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "datetime", _Stopped)
        patch.setattr(ids, "os", SimpleNamespace(urandom=random.randbytes))
        patch.setattr(database, "sync_to_async", _inline)
        patch.setattr(sessions, "sync_to_async", _inline)
        patch.setattr(sessions, "async_to_sync", _in_place)
        patch.setattr(flight, "GATHER", 0.0)
        patch.setattr(content, "variant_content", lambda *given: cut(REAL_CONTENT(*given)))
        patch.setattr(prepared, "psycopg", SimpleNamespace(**{**vars(psycopg), "Cursor": _Cursor}))
        patch.setattr(shelf.Shelf, "put", _put)
        patch.setattr(presence.Presence, "show", _show)
        patch.setattr(presence.Presence, "leave", _leave)
        patch.setattr(settings, "HOME", folder)
        patch.setattr(settings, "MEDIA_ROOT", folder / "media")
        known.update({one.manifest.slug: one for one in ours})
        with connection.cursor() as cursor:
            cursor.execute(STOPPED)
        world.brand.needs_approval = False
        world.brand.save()
        try:
            house = House(world, Timeline())
            house.open()
            patch.setattr(clock, "elapsed", lambda: house.time.elapsed)
            yield house
        finally:
            for one in ours:
                known.pop(one.manifest.slug, None)
