"""The worker's part of a deed: one call under a lease, written down only by whoever still has it.

Every deed is quiet where it is done already, so what a dead worker left, or what is unclear, is simply asked again. A pause
stops what shows the brand's favour, a like or a yes; what protects people, hiding and removing, goes on.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.connectorkit.contract import Session
from kitestring.domains.inbox.actions.ask_deed import TASK
from kitestring.domains.inbox.actions.take_in import refresh
from kitestring.domains.inbox.models import Deed, DeedKind, Message
from kitestring.domains.inbox.queries.deeds import connector_of, deed_at_work, deeds_on, message_at_work
from kitestring.domains.inbox.rules import says_gone
from kitestring.domains.publishing.actions.asking import Told, ask_channel
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.rules.waiting import LEASE, LOOK_HORIZON
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.jobs import enqueue

CLAIM: Final = """
UPDATE inbox_deed d SET state = 'under_way', owner = %(me)s, tries = d.tries + 1, not_before = NULL,
    lease_until = ks_now() + make_interval(secs => %(lease)s)
FROM inbox_message m JOIN channels_account a ON a.id = m.account_id JOIN brands_brand b ON b.id = a.brand_id
JOIN workspaces_workspace w ON w.id = a.workspace_id
WHERE d.id = %(id)s AND m.id = d.message_id AND d.state IN ('asked', 'under_way')
  AND (d.state = 'asked' OR d.lease_until < ks_now())
  AND (d.not_before IS NULL OR d.not_before <= ks_now())
  AND (d.kind IN ('hide', 'remove') OR (a.paused_at IS NULL AND b.paused_at IS NULL AND w.paused_at IS NULL))
RETURNING d.tries"""

WRITE: Final = """
UPDATE inbox_deed d SET owner = NULL, lease_until = NULL, reason = %(reason)s, params = %(params)s, said = %(said)s,
    state = CASE WHEN %(reason)s = '' THEN 'done' WHEN w.again THEN 'asked' ELSE 'refused' END,
    ended_at = CASE WHEN %(reason)s = '' OR NOT w.again THEN ks_now() END,
    not_before = CASE WHEN w.again THEN ks_now() + make_interval(secs => %(wait)s) END
FROM (SELECT x.id, %(again)s AND ks_now() - x.asked_at < make_interval(secs => %(horizon)s) AS again
      FROM inbox_deed x WHERE x.id = %(id)s) w
WHERE d.id = w.id AND d.state = 'under_way' AND d.owner = %(me)s
RETURNING d.state"""


def do_deed(deed_id: UUID) -> None:
    """Do it if it is wanted and nobody is at it; any number of times."""
    me = uuid7()
    number = _claim(deed_id, me)
    if number:
        deed = deed_at_work(deed_id)
        _write(deed, me, _ask(deed, number))


def _claim(deed_id: UUID, me: UUID) -> int:
    """Which try this is; 0 when nothing is wanted, or somebody is at it."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"id": deed_id, "me": me, "lease": LEASE})
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _ask(deed: Deed, number: int) -> Told:
    """What was allowed when it was asked for is looked at again: the person's role, the account."""
    account, sort = deed.message.account, deed.message.conversation.sort
    if deed.asked_by is None or not may(deed.asked_by, "inbox.reply"):
        return Told("asker_may_not")
    connector = connector_of(account)
    if connector is None or connector.moderation is None or deed.kind not in deeds_on(account, sort):
        return Told("account_cannot")
    return ask_channel(account, _call(connector.moderation, deed), number)


def _call(moderation: Any, deed: Deed) -> Callable[[Session], Awaitable[None]]:
    there = deed.message.remote_id
    calls: dict[str, Callable[[Session], Awaitable[None]]] = {
        DeedKind.HIDE: lambda session: moderation.hide(session, there, deed.on),
        DeedKind.LIKE: lambda session: moderation.like(session, there, deed.on),
        DeedKind.REMOVE: lambda session: moderation.remove(session, there),
        DeedKind.APPROVE: lambda session: moderation.approve(session, there),
    }
    return calls[deed.kind]


@transaction.atomic
def _write(deed: Deed, me: UUID, told: Told) -> None:
    given: dict[str, Any] = {
        "id": deed.pk, "me": me, "reason": told.reason, "said": told.said, "params": json.dumps(dict(told.params)),
        "again": told.after is not None, "wait": told.after or 0.0, "horizon": LOOK_HORIZON,
    }  # fmt: skip
    message = message_at_work(deed.message_id)  # first, as `ask_deed` does: else the two wait for each other
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)
        row = cursor.fetchone()
    if row is None:
        return  # the lease ran out, and somebody else is at it
    (state,) = row
    if state == "done":
        _keep(message, deed.kind, deed.on)
    elif state == "asked":
        enqueue(
            TASK, at=now() + timedelta(seconds=told.after or 0.0), once=f"{TASK}:{deed.pk}", deed=str(deed.pk)
        )
        return
    if says_gone(told.reason):
        _keep(message, DeedKind.REMOVE, True)
    if told.ended:
        end_grant(deed.message.account_id, told.reason)
    after = {"deed": deed.kind, "state": state, "reason": told.reason}
    conversation = deed.message.conversation
    record(deed.message.account.workspace, "inbox.deed", conversation, after=after)


def _keep(message: Message, kind: str, on: bool) -> None:
    """How it stands there now; words that are gone there are owed no answer."""
    if kind == DeedKind.HIDE:
        message.hidden = on
    elif kind == DeedKind.LIKE:
        message.liked = on
    elif kind == DeedKind.APPROVE:
        message.awaits_moderation = False
    else:
        message.removed_at = now()
    message.save(update_fields=["hidden", "liked", "awaits_moderation", "removed_at"])
    refresh(message.conversation)
