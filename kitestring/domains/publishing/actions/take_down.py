"""The worker's part of a withdrawal: one call under a lease, its attempt written before, its answer after.

The wish stands on the row until it is fulfilled or dropped with a reason, so an emptied job table loses nothing.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, RetryLater
from kitestring.domains.channels.sessions import ask
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.actions.tell import problems_changed, replies_changed, wake_withdrawal
from kitestring.domains.publishing.events import DeliveryWithdrawn
from kitestring.domains.publishing.models import GRAPH, Delivery, DeliveryKind, DeliveryState, Step
from kitestring.domains.publishing.queries.accounts import accounts_by_id
from kitestring.domains.publishing.queries.attempts import tries_of
from kitestring.domains.publishing.queries.deliveries import by_id
from kitestring.domains.publishing.queries.parts import part_at
from kitestring.domains.publishing.rules.waiting import LEASE, LOOK_HORIZON, STOP_AT, backoff
from kitestring.kit import http
from kitestring.kit.events import announce
from kitestring.kit.ids import uuid7
from kitestring.kit.text import storable

log = logging.getLogger(__name__)

OPEN: Final = """d.state = 'published' AND d.withdraw_asked IS NOT NULL
    AND (d.lease_until IS NULL OR d.lease_until < ks_now()) AND (d.not_before IS NULL OR d.not_before <= ks_now())"""

FIND: Final = f"SELECT d.id FROM publishing_delivery d WHERE {OPEN} ORDER BY d.withdraw_asked"  # noqa: S608 - our own text

CLAIM: Final = f"""
WITH mine AS (
    UPDATE publishing_delivery d SET owner = %(me)s, lease_until = ks_now() + make_interval(secs => %(lease)s)
    WHERE d.id = %(id)s AND {OPEN} RETURNING d.id
),
ended AS (
    UPDATE publishing_attempt t SET outcome = 'unknown', reason = 'lease_ran_out'
    FROM mine WHERE t.delivery_id = mine.id AND t.step = %(step)s AND t.ended_at IS NULL AND t.outcome = ''
)
INSERT INTO publishing_attempt
    (id, delivery_id, number, step, owner, started_at, outcome, reason, reason_params, said, part)
SELECT %(attempt)s, mine.id,
    1 + (SELECT coalesce(max(a.number), 0) FROM publishing_attempt a WHERE a.delivery_id = mine.id),
    %(step)s, %(me)s, ks_now(), '', '', '{{}}', '', coalesce((
        SELECT max(p.place) FROM publishing_part p
        WHERE p.delivery_id = mine.id AND p.remote_id <> '' AND p.withdrawn_at IS NULL), 0)
FROM mine RETURNING part"""  # noqa: S608 - our own text

TRIED: Final = """
UPDATE publishing_attempt SET ended_at = ks_now(), outcome = %(state)s, reason = %(reason)s, said = %(said)s
WHERE id = %(attempt)s"""

WRITE: Final = """
UPDATE publishing_delivery d SET state = %(state)s, owner = NULL, lease_until = NULL, changed_at = ks_now(),
    reason = %(reason)s, reason_params = '{}', said = %(said)s,
    not_before = CASE WHEN w.again THEN ks_now() + make_interval(secs => %(wait)s) END,
    withdraw_asked = CASE WHEN w.again OR %(reason)s = '' THEN d.withdraw_asked END,
    withdraw_by_id = CASE WHEN w.again OR %(reason)s = '' THEN d.withdraw_by_id END
FROM (SELECT x.id, %(again)s AND ks_now() - x.withdraw_asked < make_interval(secs => %(horizon)s) AS again
      FROM publishing_delivery x WHERE x.id = %(id)s) w
WHERE d.id = w.id AND d.state = 'published' AND d.owner = %(me)s
RETURNING w.again"""


# One part is gone: the one before it is next, at once. The head goes last, and with it the delivery.
PART: Final = """
WITH gone AS (
    UPDATE publishing_part SET withdrawn_at = ks_now() WHERE delivery_id = %(id)s AND place = %(part)s)
UPDATE publishing_delivery d SET owner = NULL, lease_until = NULL, changed_at = ks_now(), not_before = NULL,
    reason = '', reason_params = '{}', said = ''
WHERE d.id = %(id)s AND d.state = 'published' AND d.owner = %(me)s"""


@dataclass(frozen=True)
class Said:
    """What the channel answered; `reason` "" means it is gone. `after`: it may be asked again so many seconds later."""

    reason: str = ""
    said: str = ""
    after: float | None = None


def find_withdrawals() -> list[UUID]:
    """Wake for every wish that nobody is at; gives back their ids."""
    with connection.cursor() as cursor:
        cursor.execute(FIND)
        found = [row[0] for row in cursor.fetchall()]
    for delivery_id in found:
        wake_withdrawal(delivery_id)
    return found


async def take_down(delivery_id: UUID) -> None:
    """One call a part, its answer written down. What fails for good is kept as published, with the reason; nothing is lost."""
    me, attempt = uuid7(), uuid7()
    taken = await on_database(_claim, delivery_id, me, attempt)
    if taken is not None:
        await on_database(_write, taken, me, attempt, await _ask(taken))


@dataclass(frozen=True)
class Taken:
    """What is to be taken down now: the last part that is still there. `number`: which try for it this is."""

    delivery: Delivery
    part: int
    remote_id: str
    number: int


async def _ask(taken: Taken) -> Said:
    """Taking down twice is harmless, so whatever is unclear is simply asked again."""
    delivery, number = taken.delivery, taken.number
    try:
        publishing = registry.get(delivery.account.channel).publishing
    except KeyError:
        publishing = None
    if publishing is None:
        return Said("no_connector")
    account = (await on_database(accounts_by_id, [delivery.account_id]))[delivery.account_id]
    power = publishing

    async def withdraw(session: Session) -> None:
        await power.withdraw(session, taken.remote_id)

    try:
        async with http.hold(), asyncio.timeout(LEASE * STOP_AT):
            await ask(account, withdraw)
    except RetryLater as error:
        return Said(error.reason, error.said, backoff(number, 0.5, error.after))
    except Ambiguous as error:
        return Said(error.reason, error.said, backoff(number, 0.5))
    except GrantExpired as error:
        await on_database(end_grant, account.pk, error.reason)
        return Said(error.reason, error.said)
    except ConnectorError as error:
        return Said(error.reason, error.said)
    except TimeoutError:
        return Said("no_answer", after=backoff(number, 0.5))
    except Exception as error:
        log.exception("A connector broke while it was taking a post down.")
        return Said("connector_broke", f"{type(error).__name__}: {error}"[:500])
    return Said()


@transaction.atomic
def _claim(delivery_id: UUID, me: UUID, attempt: UUID) -> Taken | None:
    """None when nothing is wished, or somebody is at it."""
    given: dict[str, Any] = {
        "id": delivery_id,
        "me": me,
        "attempt": attempt,
        "lease": LEASE,
        "step": Step.WITHDRAW.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        mine = cursor.fetchone()
    delivery = by_id(delivery_id) if mine else None
    if delivery is None or mine is None:
        return None
    (part,) = mine
    remote_id = part_at(delivery, part).remote_id if part else delivery.remote_id
    number = tries_of(delivery).filter(step=Step.WITHDRAW, part=part).count()
    return Taken(delivery, part, remote_id, number)


@transaction.atomic
def _write(taken: Taken, me: UUID, attempt: UUID, told: Said) -> None:
    delivery = taken.delivery
    state = DeliveryState.PUBLISHED if told.reason else DeliveryState.WITHDRAWN
    if not told.reason:
        GRAPH.check(DeliveryState.PUBLISHED, state)
    given: dict[str, Any] = {
        "id": delivery.pk, "me": me, "attempt": attempt, "state": state.value, "reason": told.reason[:60],
        "said": storable(told.said), "again": told.after is not None, "wait": told.after or 0.0,
        "horizon": LOOK_HORIZON, "part": taken.part,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(TRIED, given)
        if taken.part and not told.reason:
            cursor.execute(PART, given)
            wake_withdrawal(delivery.pk)
            return
        cursor.execute(WRITE, given)
        row = cursor.fetchone()
    if row is None:
        return  # a person settled it meanwhile, or the lease ran out and somebody else is at it
    if not told.reason:
        announce(DeliveryWithdrawn(delivery.pk))
        replies_changed([delivery.pk] if delivery.kind == DeliveryKind.REPLY else [])
        return
    problems_changed([delivery.pk])
    if row[0]:
        wake_withdrawal(delivery.pk, told.after or 0.0)
