"""Sends everything that is due: claims, calls, writes down, until nothing is left that may leave now."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from django.db import DatabaseError, OperationalError

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import renewed_grant, session_of
from kitestring.domains.publishing.actions import call
from kitestring.domains.publishing.actions.claim import Claimed, claim_due, ready
from kitestring.domains.publishing.actions.claim_open import claim_open
from kitestring.domains.publishing.actions.close import Result, close
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.outgoing import outgoing
from kitestring.domains.publishing.actions.pictures import Pictures
from kitestring.domains.publishing.actions.set_aside import set_aside
from kitestring.domains.publishing.queries.accounts import accounts_by_id
from kitestring.domains.publishing.rules import next_step, waiting
from kitestring.domains.publishing.rules.answers import Answer, Ended, Later, Refused, Unclear
from kitestring.domains.publishing.rules.next_step import Next, Standing
from kitestring.kit import http
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.states import UndeclaredArrow

log = logging.getLogger(__name__)

AT_ONCE: Final = 100
GATHER: Final = 0.02
LAST_WORD: Final = 3.0
UNWRITABLE: Final = (DatabaseError, UndeclaredArrow, TypeError, ValueError)
PATIENCE: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
Take = Callable[[UUID, int], list[Claimed]]
Speak = Callable[[call.Line, Claimed], Awaitable[Answer]]


async def drain(at_once: int = AT_ONCE, lease: float = waiting.LEASE) -> int:
    """Send what is due on every account, each account in its order; gives back how many calls were made."""
    await on_database(set_aside)
    worker = _Worker("sending", lambda me, n: claim_due(me, n, lease), _send, at_once, lease)
    made = await worker.run()
    while await on_database(ready):
        again = await worker.run()
        if not again:
            await asyncio.sleep(0.05)
            if not await worker.run():
                break
        made += again
    return made


async def ask_around(at_once: int = AT_ONCE, lease: float = waiting.LEASE) -> int:
    """Look up what is unknown and follow what is being processed, whose hour has come."""
    made = 0
    for state, speak in (("unknown", _look), ("processing", _follow)):
        worker = _Worker(state, lambda me, n, s=state: claim_open(me, s, n, lease), speak, at_once, lease)  # type: ignore[misc]
        made += await worker.run()
    return made


async def _send(line: call.Line, claimed: Claimed) -> Answer:
    return await call.send(line, first=claimed.attempts <= 1)


async def _look(line: call.Line, claimed: Claimed) -> Answer:
    return await call.look(line) if line.has_look_up else Unclear("no_look_up")


async def _follow(line: call.Line, claimed: Claimed) -> Answer:
    return await call.follow(line)


async def _renew(account: Account, ended: Ended) -> Answer:
    """A grant that ended before its time may still be renewable; only the channel's no is the end of it."""
    try:
        await on_database(renewed_grant, account, until=now(), force=True)
    except (GrantExpired, Rejected):
        return ended
    except ConnectorError as error:
        return Later(error.reason, error.said, error.params)
    return Later("grant_renewed", ended.said, after=0.0)


class _Worker:
    """One pass over one kind of work, under an owner's name that is nobody else's."""

    def __init__(self, source: str, take: Take, speak: Speak, at_once: int, lease: float) -> None:
        self.me = uuid7()
        self.source = source
        self.take = take
        self.speak = speak
        self.at_once = at_once
        self.lease = lease
        self.pictures = Pictures()

    async def run(self) -> int:
        """Take and call until there is nothing to take and nothing under way."""
        made = 0
        running: set[asyncio.Task[Result]] = set()
        async with http.hold():
            try:
                while True:
                    running |= await self._begin(self.at_once - len(running), alone=not running)
                    if not running:
                        return made
                    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                    await asyncio.sleep(GATHER)
                    made += await self._collect(running)
            except asyncio.CancelledError:
                # Asked to stop: nothing new is taken, and what is under way may still say its last word.
                if running:
                    await asyncio.wait(running, timeout=LAST_WORD)
                    await self._collect(running)
                raise
            finally:
                for task in running:
                    task.cancel()

    async def _collect(self, running: set[asyncio.Task[Result]]) -> int:
        done = {task for task in running if task.done()}
        running -= done
        await self._write([task.result() for task in done])
        return len(done)

    async def _begin(self, free: int, *, alone: bool) -> set[asyncio.Task[Result]]:
        if free <= 0:
            return set()
        begun = asyncio.get_running_loop().time()
        try:
            claimed = await on_database(self.take, self.me, free)
            accounts = await on_database(accounts_by_id, [c.account_id for c in claimed]) if claimed else {}
        except OperationalError:
            if alone:
                raise
            return set()  # The database is away; what is under way is brought to its end first.
        here = [c for c in claimed if c.account_id in accounts]
        return {asyncio.create_task(self._one(c, accounts[c.account_id], begun)) for c in here}

    async def _write(self, results: list[Result]) -> None:
        """Write them down; a database that is away is waited for, because these answers exist nowhere else."""
        for wait in (*PATIENCE, None):
            try:
                await on_database(close, self.me, results)
                break
            except OperationalError:
                if wait is None:
                    raise
                await asyncio.sleep(wait)
            except UNWRITABLE:
                await self._write_each(results)
                break
        for result in results:
            if result.next.account_ended:
                await on_database(end_grant, result.account_id, result.next.reason)

    async def _write_each(self, results: list[Result]) -> None:
        """One answer that cannot be written must not take the others with it; its lease runs out, and it is looked up."""
        for result in results:
            try:
                await on_database(close, self.me, [result])
            except UNWRITABLE:
                log.exception("What came of delivery %s could not be written.", result.delivery_id)

    async def _one(self, claimed: Claimed, account: Account, begun: float) -> Result:
        try:
            manifest = registry.get(account.channel).manifest
        except KeyError:
            answer: Answer = Refused("no_connector")
            return self._result(claimed, answer, None)
        answer = await self._speak(claimed, account, manifest, begun)
        if isinstance(answer, Ended) and claimed.attempts <= 1:
            answer = await _renew(account, answer)
        return self._result(claimed, answer, manifest)

    async def _speak(self, claimed: Claimed, account: Account, manifest: Manifest, begun: float) -> Answer:
        """Ask once. What fails before the call has sent nothing; what `call` returns is the truth."""
        answer: Answer | None = None
        try:
            publishing = registry.get(account.channel).publishing
            if publishing is None:
                return Refused("no_connector")
            if not await self.pictures.prepare(
                claimed, account, manifest, begun + self.lease * waiting.START_BY
            ):
                return Later("not_started")
            message = await on_database(outgoing, claimed, account, manifest)
            async with session_of(account, timeout=waiting.CALL_TIMEOUT) as session:
                spent = asyncio.get_running_loop().time() - begun
                if spent > self.lease * waiting.START_BY:
                    return Later("not_started")
                seconds = self.lease * waiting.STOP_AT - spent
                line = call.Line(session, publishing, manifest, message, seconds)
                answer = await self.speak(line, claimed)
        except ConnectorError as error:
            return answer or call.from_error(error)
        except Exception as error:
            log.exception("A delivery could not be begun.")
            return answer or Later("not_started", f"{type(error).__name__}: {error}"[:500])
        return answer

    def _result(self, claimed: Claimed, answer: Answer, manifest: Manifest | None) -> Result:
        deadline = manifest.processing_deadline.seconds if manifest and manifest.processing_deadline else None
        settle = None
        if manifest is not None and manifest.duplicate_safety != "none" and manifest.settle:
            settle = manifest.settle.seconds
        standing = Standing(
            attempts=claimed.attempts,
            unclear=claimed.unclear,
            in_doubt=claimed.in_doubt,
            restored=claimed.params if claimed.reason == next_step.RESTORED else None,
            settle=settle,
            deadline=claimed.deadline,
            chance=random.random(),  # noqa: S311 - jitter, not a secret
        )
        step = _STEPS[self.source](answer, standing)
        return Result(
            claimed.id,
            claimed.account_id,
            claimed.attempt,
            self.source,
            step,
            deadline or waiting.PROCESSING_DEADLINE,
        )


_STEPS: Final[dict[str, Callable[[Answer, Standing], Next]]] = {
    "sending": next_step.after_send,
    "unknown": next_step.after_look,
    "processing": next_step.after_follow,
}
