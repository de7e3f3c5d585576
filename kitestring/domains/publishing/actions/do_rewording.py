"""The worker's part of changed words: one call under a lease, written down only by whoever still has it.

Writing the same words twice makes no second post, so what is unclear, or left by a dead worker, is simply asked again.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.domains.publishing.actions.ask_rewording import TASK, wake
from kitestring.domains.publishing.actions.asking import Told, ask_channel
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.models import Rewording
from kitestring.domains.publishing.queries.rewordings import can_reword, rewording_at_work, waiting_rewordings
from kitestring.domains.publishing.rules.rewording import (
    NO_ANSWER,
    UNCLEAR,
    digest_of_words,
    doubtful,
    in_doubt_since,
)
from kitestring.domains.publishing.rules.waiting import LEASE, LOOK_HORIZON
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.jobs import enqueue

CLAIM: Final = """
UPDATE publishing_rewording r SET state = 'under_way', owner = %(me)s, tries = r.tries + 1, not_before = NULL,
    lease_until = ks_now() + make_interval(secs => %(lease)s)
FROM publishing_delivery d JOIN channels_account a ON a.id = d.account_id JOIN brands_brand b ON b.id = a.brand_id
JOIN workspaces_workspace w ON w.id = a.workspace_id
WHERE r.id = %(id)s AND d.id = r.delivery_id AND r.state IN ('asked', 'under_way')
  AND (r.state = 'asked' OR r.lease_until < ks_now()) AND (r.not_before IS NULL OR r.not_before <= ks_now())
  AND a.paused_at IS NULL AND b.paused_at IS NULL AND w.paused_at IS NULL
RETURNING r.tries"""

# The hour of trying counts from the yes, and not while something was paused: at least one try is made after each pause.
WRITE: Final = """
UPDATE publishing_rewording r SET owner = NULL, lease_until = NULL, reason = %(reason)s, params = %(params)s,
    said = %(said)s,
    state = CASE WHEN %(reason)s = '' THEN 'done' WHEN w.again THEN 'asked' ELSE 'refused' END,
    ended_at = CASE WHEN %(reason)s = '' OR NOT w.again THEN ks_now() END,
    not_before = CASE WHEN w.again THEN ks_now() + make_interval(secs => %(wait)s) END
FROM (SELECT x.id, %(again)s AND ks_now() - x.asked_at < make_interval(secs => %(horizon)s) AS again
      FROM publishing_rewording x WHERE x.id = %(id)s) w
WHERE r.id = w.id AND r.state = 'under_way' AND r.owner = %(me)s
RETURNING r.state"""


def find_rewordings() -> int:
    """Wake for every change that nobody is at; how many."""
    found = waiting_rewordings()
    for rewording_id in found:
        wake(rewording_id)
    return len(found)


def do_rewording(rewording_id: UUID) -> None:
    """Change the words if that is wanted, nothing is paused and nobody is at it; any number of times."""
    me = uuid7()
    number = _claim(rewording_id, me)
    if number:
        one = rewording_at_work(rewording_id)
        told = _ask(one, number)
        _write(one, me, honest(told, doubt=in_doubt_since(one.reason, number)))


def _claim(rewording_id: UUID, me: UUID) -> int:
    """Which try this is; 0 when there is nothing to do now."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"id": rewording_id, "me": me, "lease": LEASE})
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _ask(one: Rewording, number: int) -> Told:
    """What was allowed when it was asked for is looked at again: role, yes, account, and that the post still stands."""
    account = one.delivery.account
    if one.made_by is None or not may(one.made_by, "delivery.schedule"):
        return Told("asker_may_not")
    digest = digest_of_words(one.text, one.title)
    if account.brand.needs_approval and one.approved_digest != digest:
        return Told("not_approved")
    connector = registry.connectors().get(account.channel)
    editing = connector.editing if connector else None
    if editing is None or not can_reword(one.delivery):
        return Told("account_cannot")
    duty = _outgoing(one)

    async def edit(session: Session) -> None:
        await editing.edit(session, one.delivery.remote_id, duty)

    return ask_channel(account, edit, number)


def _outgoing(one: Rewording) -> Outgoing:
    """The post as it was sent, with the new words and without its files: those stay as they are."""
    delivery, payload = one.delivery, one.delivery.payload
    return Outgoing(
        key=delivery.key,
        stamp=delivery.stamp,
        kind=delivery.publish_kind,
        text=one.text,
        title=one.title,
        language=payload.get("language", ""),
        link=payload.get("link", ""),
        options={str(k): str(v) for k, v in (payload.get("options") or {}).items()},
        limits=delivery.account.own_limits,
    )


def honest(told: Told, *, doubt: bool) -> Told:
    """As it is written down. `doubt`: an earlier try may have changed the words; no later answer makes it sure that it did not.

    What is unclear has one name, by which the next try knows of it.
    """
    if told.reason and (told.unclear or (doubt and told.after is not None)):
        return told if told.reason in UNCLEAR else replace(told, reason=NO_ANSWER)
    return replace(told, reason=doubtful(told.reason)) if told.reason and doubt else told


@transaction.atomic
def _write(one: Rewording, me: UUID, told: Told) -> None:
    given: dict[str, Any] = {
        "id": one.pk, "me": me, "reason": told.reason, "said": told.said, "params": json.dumps(dict(told.params)),
        "again": told.after is not None, "wait": told.after or 0.0, "horizon": LOOK_HORIZON,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE, given)
        row = cursor.fetchone()
    if row is None:
        return  # the lease ran out, and somebody else is at it
    (state,) = row
    if state == "asked":
        at = now() + timedelta(seconds=told.after or 0.0)
        enqueue(TASK, at=at, once=f"{TASK}:{one.pk}", rewording=str(one.pk))
        return
    if told.ended:
        end_grant(one.delivery.account_id, told.reason)
    after = {"text": one.text, "state": state, "reason": told.reason}
    record(one.delivery.account.workspace, "delivery.reworded", one.delivery, after=after)
