"""Makes what is wanted, one at a time of pictures and one of videos in each worker, beside everything else it does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final, ParamSpec, TypeVar
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import connection, transaction

from kitestring.domains.library.actions.make_rendition import Drawn, draw, keep_rendition
from kitestring.domains.library.events import RenditionFailed
from kitestring.domains.library.models import Asset, Making, MakingState
from kitestring.domains.library.models.making import GRAPH
from kitestring.domains.library.queries import asset_of_content
from kitestring.domains.library.queries.making import making_again, next_open
from kitestring.domains.library.queries.storage import FULL
from kitestring.domains.library.rules.bounds import Bounds
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.refusals import Refusal
from kitestring.kit.video.program import Stopped, end_all

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

LEASE: Final = timedelta(seconds=60)
SIGN: Final = 20.0  # seconds between signs of life
LATER: Final = timedelta(minutes=1)
MOST_TRIES: Final = 3  # of what ends in a way nobody foresaw
_THREADS: Final = {
    moving: ThreadPoolExecutor(1, thread_name_prefix=name)
    for moving, name in ((False, "making"), (True, "videos"))
}
_leaving = [False]


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` on the thread that has the database's connection; one that died meanwhile is replaced first."""

    def fresh() -> T:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return work(*args, **kwargs)

    return await sync_to_async(fresh, thread_sensitive=True)()


def leave() -> None:
    """This worker was asked to stop: what it makes is ended and left to the next one."""
    _leaving[0] = True
    end_all()


async def make_open(moving: bool) -> int:
    """All that is wanted of this kind, one after the other; how many were taken."""
    done = 0
    while not _leaving[0] and (taken := await aside(_take, moving)) is not None:
        await _make(*taken)
        done += 1
    return done


@transaction.atomic
def _take(moving: bool) -> tuple[Making, Asset | None] | None:
    row = next_open(moving)
    if row is None:
        return None
    if row.state == MakingState.UNDER_WAY:
        GRAPH.check(row.state, MakingState.WANTED)
        row.state = MakingState.WANTED
    GRAPH.check(row.state, MakingState.UNDER_WAY)
    row.state, row.lease_until, row.tries = MakingState.UNDER_WAY, now() + LEASE, row.tries + 1
    row.save()
    return row, asset_of_content(row.source)


async def _make(row: Making, asset: Asset | None) -> None:
    if asset is None:
        await aside(_fail, row.pk, "gone")
        return
    bounds = Bounds.read(row.bounds)
    work = asyncio.get_running_loop().run_in_executor(_THREADS[row.moving], draw, asset, bounds)
    while not (await asyncio.wait({work}, timeout=SIGN))[0]:
        await aside(_go_on, row.pk)
    try:
        drawn = work.result()
        await aside(_kept, row.pk, asset, bounds, drawn)
    except Refusal as refusal:
        await aside(_fail, row.pk, refusal.reason)
    except FileNotFoundError:
        await aside(_fail, row.pk, "gone")
    except Stopped:
        await aside(_give_back, row.pk)
    except Exception as error:
        full = isinstance(error, OSError) and error.errno in FULL
        if not full:
            log.exception("A rendition could not be made: %s of %s", row.recipe, row.source)
        if full or row.tries < MOST_TRIES:
            await aside(_give_back, row.pk, later=True)
        else:
            await aside(_fail, row.pk, "broken")


def _kept(making_id: UUID, asset: Asset, bounds: Bounds, drawn: Drawn) -> None:
    keep_rendition(asset, bounds, drawn)
    _move(making_id, MakingState.MADE)


@transaction.atomic
def _go_on(making_id: UUID) -> None:
    row = making_again(making_id)
    if row is not None and row.state == MakingState.UNDER_WAY:
        row.lease_until = now() + LEASE
        row.save(update_fields=["lease_until"])


def _give_back(making_id: UUID, *, later: bool = False) -> None:
    _move(making_id, MakingState.WANTED, later=later)


@transaction.atomic
def _fail(making_id: UUID, reason: str) -> None:
    row = _move(making_id, MakingState.FAILED, reason=reason)
    if row is not None:
        announce(RenditionFailed(row.source, row.recipe, reason))


@transaction.atomic
def _move(making_id: UUID, to: str, *, reason: str = "", later: bool = False) -> Making | None:
    """Along the graph; None where somebody else has brought it to an end meanwhile."""
    row = making_again(making_id)
    if row is None or not GRAPH.allows(row.state, to):
        return None
    GRAPH.check(row.state, to)
    row.state, row.reason, row.lease_until = MakingState(to), reason, None
    row.not_before = now() + LATER if later else None
    row.save()
    return row
