"""Sends everything that is due: claims, calls, writes down, until nothing is left that may leave now."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from kitestring.domains.publishing.actions.claim import Claimed, anything_stands, take_due
from kitestring.domains.publishing.actions.claim_open import claim_open
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.flight import Flight
from kitestring.domains.publishing.actions.presence import TWICE, anybody_missed, free_lanes
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.actions.speak import Speaker
from kitestring.domains.publishing.rules import waiting

# Calls in the air at once. No more are taken: what is taken and not in the air would pay the whole recovery when this
# process is killed.
CALLS: Final = 200
_flights: WeakKeyDictionary[asyncio.AbstractEventLoop, list[Flight]] = WeakKeyDictionary()


def sending() -> bool:
    """Whether this process is sending, and not only waiting for channels that do not answer."""
    return any(flight.lively() for flight in _flights.get(asyncio.get_running_loop(), ()))


async def drain(at_once: int = CALLS, lease: float = waiting.LEASE) -> int:
    """Send what is due on every account, each account in its order; gives back how many calls were made.

    Where this process is sending already, that goes on with it: two of them would only share the same accounts.
    """
    here = _flights.setdefault(asyncio.get_running_loop(), [])
    if any(flight.goes_on() for flight in here):
        return 0
    speaker = Speaker("sending", lease)
    flight = Flight(lambda me, n: take_due(me, n, lease), speaker, at_once, aside=True)
    here.append(flight)
    try:
        return await _to_the_end(flight)
    finally:
        here.remove(flight)


async def _to_the_end(flight: Flight) -> int:
    made = await flight.run()
    # A lane may have been freed since we looked, and somebody may have come meanwhile and left it to us.
    while not flight.closing and (await _stands() or flight.asked):
        again = await flight.run()
        if not again:
            # What may not leave makes room for what stands behind it.
            moved = await on_database(set_aside)
            await asyncio.sleep(0.05)
            again = await flight.run()
            if not (again or moved or flight.asked):
                break
        made += again
    return made


async def _stands() -> bool:
    """Whether there is more to do, also on the accounts of who is gone."""
    await on_database(free_lanes)
    if anybody_missed():
        await asyncio.sleep(TWICE)
        await on_database(free_lanes)
    return await on_database(anything_stands)


def _take_open(state: str, lease: float, me: UUID, limit: int) -> tuple[list[Claimed], bool]:
    return claim_open(me, state, limit, lease), False


async def ask_around(at_once: int = CALLS, lease: float = waiting.LEASE) -> int:
    """Look up what is unknown and follow what is being processed, whose hour has come."""
    made = 0
    for state in ("unknown", "processing"):
        speaker = Speaker(state, lease)
        flight = Flight(partial(_take_open, state, lease), speaker, at_once)
        made += await flight.run()
    return made
