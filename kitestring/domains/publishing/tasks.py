"""Worker doors of the ledger: wake for a due second, send, ask about what is open, sweep. Each may run twice."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from procrastinate.contrib.django import app

from kitestring.domains.channels.events import CallbackCame, GrantEnded, GrantRenewed
from kitestring.domains.composing.queries.out import told_by
from kitestring.domains.library.events import RenditionFailed
from kitestring.domains.publishing.actions.adopt_revision import adopt_stale
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.deliver import ask_around, drain, sending
from kitestring.domains.publishing.actions.desks import Desks
from kitestring.domains.publishing.actions.do_rewording import do_rewording, find_rewordings
from kitestring.domains.publishing.actions.end_grant import go_on, hold_ended
from kitestring.domains.publishing.actions.flight import stop_taking
from kitestring.domains.publishing.actions.hear_callback import AGAIN, hear_callback
from kitestring.domains.publishing.actions.hold_unfit import hold_unfit
from kitestring.domains.publishing.actions.look_round import look_round
from kitestring.domains.publishing.actions.make_ahead import make_for_post
from kitestring.domains.publishing.actions.prepare_files import prepare_ahead
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.actions.take_down import take_down
from kitestring.domains.publishing.actions.tell import slot_name
from kitestring.domains.publishing.queries.deliveries import out_on
from kitestring.domains.publishing.queries.due import due_until, seconds_until
from kitestring.domains.publishing.rules.waiting import wake_at
from kitestring.domains.reviewing.events import ApprovalVoided, PostApproved
from kitestring.kit.beat import Twice, at_leaving, beside, each
from kitestring.kit.events import subscribe
from kitestring.kit.jobs import enqueue

FAN: Final = 8
A_DRAIN: Final = 250
LONGEST_WAIT: Final = 20.0  # seconds that a slot's job waits in a worker's place; it comes some twelve ahead
# What has its hour goes before what can wait; and a worker may be kept for it alone (`kitestring worker --queues delivery`).
FIRST: Final[dict[str, Any]] = {"queue": "delivery", "priority": 10}

_due, _open = Twice(), Twice()
at_leaving(stop_taking)

# The composer asks before it changes words that may be out.
told_by(out_on)
subscribe(CallbackCame, "publishing.heard")
subscribe(GrantEnded, "publishing.grant_ended")
subscribe(GrantRenewed, "publishing.grant_renewed")
subscribe(PostApproved, "publishing.approvals_changed")
subscribe(ApprovalVoided, "publishing.approvals_changed")
subscribe(RenditionFailed, "publishing.rendition_failed")


@app.task(name="publishing.slot", **FIRST)
async def slot(due: str) -> None:
    """Wait for the exact second by the database's clock, then send; a large slot calls other workers too.

    One whose second is far (a clock that is behind, or was set back) waits in the queue, not in a place of this worker.
    """
    moment = datetime.fromisoformat(due)
    if await on_database(seconds_until, moment) > LONGEST_WAIT:
        await on_database(enqueue, "publishing.slot", at=wake_at(moment), once=slot_name(moment), due=due)
        return
    waiting = await on_database(due_until, moment)
    for _ in range(min(FAN, waiting // A_DRAIN)):
        await on_database(enqueue, "publishing.drain", at=moment)
    await on_database(Desks.here().prepare_for, moment)
    await asyncio.sleep(await on_database(seconds_until, moment))
    await drain()


@each(1.0)
async def look_round_now() -> None:
    """Every second, in every worker: nothing that could leave waits for a job that was lost or a worker that is gone.

    Nor for a place: where all of them are taken by other jobs, the next look sends by itself.
    """
    here = sending()
    found = await on_database(look_round, sending=here)
    if _due.so(found) or (here and found):
        beside("sending", drain)  # where something is being sent, that goes on with it


@app.task(name="publishing.drain", **FIRST)
async def drain_due() -> None:
    """Send whatever is due and may leave."""
    await drain()


@app.task(name="publishing.follow", **FIRST)
async def follow_open() -> None:
    """Look up what is unknown, ask about what is being processed; send what that proved absent."""
    await ask_around()


@each(10.0)
async def sweep_now() -> None:
    """Find what the queue forgot. Every worker does, from its first second on, whatever became of the job table."""
    found = await on_database(sweep)
    if _open.so(found.to_ask > 0):
        beside("asking", ask_around)


@each(60.0)
async def prepare_now() -> None:
    """What the next hours need of files is made before they come."""
    await on_database(prepare_ahead)


@app.task(name="publishing.rendition_failed")
async def rendition_failed(source: str, recipe: str, reason: str) -> None:
    """A file cannot be made into what a channel takes: hold what is to go out with it, in time for somebody to hear."""
    await on_database(hold_unfit, source, recipe, reason)


@app.task(name="publishing.sweep", queueing_lock="publishing.sweep", **FIRST)
async def sweep_all(timestamp: int = 0) -> None:
    """The same at once, for who cannot wait. `timestamp` comes from workers of an older version and says nothing here."""
    await on_database(sweep)


@app.task(name="publishing.withdraw", **FIRST)
async def withdraw(delivery: str) -> None:
    """Take a published post down on its channel."""
    await take_down(UUID(delivery))


@app.task(name="publishing.reword")
def reword(rewording: str) -> None:
    """Change the words of a live post."""
    do_rewording(UUID(rewording))


@each(10.0)
async def find_rewordings_now() -> None:
    """Changed words whose job was lost, or that waited for a pause to end."""
    await on_database(find_rewordings)


@app.task(name="publishing.heard", **FIRST)
async def heard(account_id: str, about: list[str], again: int = AGAIN) -> None:
    """A channel called about something of this account: ask about it now."""
    await on_database(hear_callback, UUID(account_id), about, again)


@app.task(name="publishing.approvals_changed")
async def approvals_changed(post_id: str, **_facts: str) -> None:
    """An approval was given or voided: hold or bring along the deliveries of that post, and what is made of it ahead."""
    await on_database(adopt_stale, UUID(post_id))
    await on_database(make_for_post, UUID(post_id))


@app.task(name="publishing.grant_ended")
def grant_ended(account_id: str, reason: str = "grant_expired", said: str = "") -> None:
    """Hold what waits on an account whose consent has ended."""
    hold_ended(UUID(account_id), reason, said)


@app.task(name="publishing.grant_renewed", **FIRST)
def grant_renewed(account_id: str) -> None:
    """Let go what waited for an account's grant."""
    go_on(UUID(account_id))
