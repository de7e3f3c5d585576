"""An account's grant has ended: the account says so, and what waits on it is held, nothing lost. Renewed, it goes on."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.channels.actions.renew import expire
from kitestring.domains.channels.models import AccountState
from kitestring.domains.channels.queries import account_at_work
from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.kit.jobs import enqueue

HOLD: Final = """
WITH lane AS (UPDATE publishing_lane SET not_before = NULL WHERE account_id = %(account)s)
UPDATE publishing_delivery d SET state = 'held', reason_params = '{}', changed_at = ks_now(), not_before = NULL,
    reason = CASE WHEN d.reason = 'grant_renewing' THEN %(reason)s ELSE 'grant_expired' END,
    said = CASE WHEN d.reason = 'grant_renewing' THEN %(said)s ELSE '' END
WHERE d.account_id = %(account)s AND d.state = 'scheduled'
RETURNING d.id"""

# Of a sequence some is out: a person is asked.
STOP: Final = """
UPDATE publishing_delivery d SET state = 'needs_attention', reason_params = '{}', changed_at = ks_now(), not_before = NULL,
    reason = CASE WHEN d.reason = 'grant_renewing' THEN %(reason)s ELSE 'grant_expired' END,
    said = CASE WHEN d.reason = 'grant_renewing' THEN %(said)s ELSE '' END
WHERE d.account_id = %(account)s AND d.state = 'partly_out' AND d.part_since IS NOT NULL
RETURNING d.id"""

RELEASE: Final = """
WITH lane AS (SELECT account_id FROM publishing_lane WHERE account_id = %(account)s FOR NO KEY UPDATE),
freed AS (
    UPDATE publishing_delivery d SET not_before = NULL
    FROM lane WHERE d.account_id = lane.account_id AND d.state IN ('scheduled', 'partly_out')
      AND d.reason = 'grant_renewing'
    RETURNING d.account_id
)
UPDATE publishing_lane l SET not_before = NULL FROM freed WHERE l.account_id = freed.account_id"""


@transaction.atomic
def go_on(account_id: UUID) -> None:
    """The account's grant is renewed: what waited for it leaves now and not after its wait."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, {"account": account_id})
    enqueue("publishing.drain", once="drain")


@transaction.atomic
def end_grant(account_id: UUID, reason: str) -> None:
    """Mark the account and hold everything scheduled on it, at once; connecting it again lets them go.

    The news of the ended grant holds as well, later: for what was scheduled meanwhile, and where it was found elsewhere.
    """
    expire(account_id, reason)
    hold_ended(account_id)


@transaction.atomic
def hold_ended(account_id: UUID, reason: str = "grant_expired", said: str = "") -> None:
    """Hold what is scheduled on an account whose grant has ended, now and not at each hour, so that it is told in time.

    `reason`, `said`: the channel's no, for what it was said of.
    """
    found = account_at_work(account_id)
    if found is None or found.state != AccountState.EXPIRED:
        return
    with connection.cursor() as cursor:
        for statement in (HOLD, STOP):
            cursor.execute(statement, {"account": account_id, "reason": reason[:60], "said": said})
            problems_changed(row[0] for row in cursor.fetchall())
