"""An account's grant has ended: the account says so, and what waits on it is held, nothing lost."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.channels.actions.renew import expire
from kitestring.domains.publishing.actions.tell import problems_changed

HOLD: Final = """
UPDATE publishing_delivery d SET state = 'held', reason = 'grant_expired', reason_params = '{}', said = '',
    changed_at = ks_now()
WHERE d.account_id = %(account)s AND d.state = 'scheduled'
RETURNING d.id"""


@transaction.atomic
def end_grant(account_id: UUID, reason: str) -> None:
    """Mark the account and hold everything scheduled on it; connecting it again lets them go."""
    expire(account_id, reason)
    with connection.cursor() as cursor:
        cursor.execute(HOLD, {"account": account_id})
        problems_changed(row[0] for row in cursor.fetchall())
