"""Calls the channel, once, and tells in the ledger's terms what came of it. No transaction is open meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.powers import Publishing
from kitestring.domains.publishing.rules.answers import (
    NOT_SENT,
    Absent,
    Answer,
    Ended,
    Later,
    Live,
    Refused,
    Taken,
    Unclear,
)
from kitestring.kit.cutoff import cut_off_at
from kitestring.kit.http import counted, ends_by
from kitestring.kit.values import value

LONGEST_ID: Final = 500
SOONER: Final = 0.1  # seconds by which a call ends before it would be cut: one that is cut goes on unheard
log = logging.getLogger(__name__)


@value
class Line:
    """An open line to a channel: its session and what is to be said.

    `start_by`, `until` (the loop's time): nothing that could publish begins later, and nothing goes on longer.
    `certain` False: it may be out by a try this ledger knows nothing of (it comes from a backup).
    `by_word`: what to send where a look cannot tell and a person said that it is not there; gives None where nobody did.
    """

    session: Session
    publishing: Publishing
    manifest: Manifest
    outgoing: Outgoing
    start_by: float
    until: float
    certain: bool = True
    by_word: Callable[[], Awaitable[Outgoing | None]] | None = None

    @property
    def has_look_up(self) -> bool:
        return self.manifest.safety_for(self.session.account_type, self.outgoing.kind) != "none"


async def send(line: Line, *, first: bool) -> Answer:
    """Send it. Any try but the first looks whether it is there already, and sends only when it surely is not."""
    if not line.certain and not line.has_look_up:
        return Unclear("no_look_up")
    if not first and line.has_look_up:
        seen = await look(line)
        if isinstance(seen, Unclear) and not line.certain:
            return seen
        if isinstance(seen, Unclear):
            duty = await line.by_word() if line.by_word else None
            if duty is None:
                # This try has sent nothing yet: whatever the look could not tell, another one may.
                return Later(seen.reason, seen.said, seen.params)
            line = replace(line, outgoing=duty)
        elif not isinstance(seen, Absent):
            return seen
        if asyncio.get_running_loop().time() > line.start_by:
            return Later("not_started")
    # What the channel does not take is refused by `publish` itself, before anything leaves: the conformance suite sees to it.
    with counted() as asked:
        answer = await _answer(line.publishing.publish(line.session, line.outgoing), line.until)
    if isinstance(answer, Refused) and not asked.calls:
        return replace(answer, params={**answer.params, NOT_SENT: 1})
    return Unclear("no_answer") if isinstance(answer, Absent) else answer


async def look(line: Line) -> Answer:
    """Is it there? Absent only when the channel surely does not have it now."""
    return await _answer(line.publishing.look_up(line.session, line.outgoing), line.until)


async def follow(line: Line) -> Answer:
    """How far is it?"""
    answer = await _answer(line.publishing.follow(line.session, line.outgoing), line.until)
    return Later("no_answer") if isinstance(answer, Absent) else answer


async def _answer(call: Awaitable[Outcome | None], until: float) -> Answer:
    try:
        with cut_off_at(until), ends_by(until - SOONER):
            outcome = await call
    except ConnectorError as error:
        return from_error(error)
    except TimeoutError:
        return Unclear("no_answer")
    except Exception as error:
        log.exception("A connector broke while it was calling.")
        return Unclear("connector_broke", f"{type(error).__name__}: {error}"[:500])
    if outcome is None:
        return Absent()
    if isinstance(outcome, Published):
        if not outcome.remote_id.strip() or len(outcome.remote_id) > LONGEST_ID:
            return Unclear("odd_id", outcome.remote_id[:500])
        return Live(outcome.remote_id, outcome.url)
    return Taken(outcome.handle, outcome.poll_after, outcome.waits_for, outcome.handed_over)


def from_error(error: ConnectorError) -> Answer:
    match error:
        case RetryLater():
            return Later(error.reason, error.said, error.params, after=error.after)
        case GrantExpired():
            return Ended(error.reason, error.said, error.params)
        case Rejected():
            return Refused(error.reason, error.said, error.params, part=error.field)
        case Ambiguous():
            return Unclear(error.reason, error.said, error.params)
    return Unclear(error.reason, error.said, error.params)
