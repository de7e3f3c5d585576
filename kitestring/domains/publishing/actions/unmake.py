"""Takes back what a series made ahead: a future hour with nothing tried and nobody's word on it leaves the ledger.

For a year its address still tells what became of it (`models/taken_back.py`): somebody may have kept it.

What a person moved, skipped or held keeps its row where the rule still names its hour; what is due, was tried or is out
is never touched.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.models import Series
from kitestring.domains.publishing.queries.deliveries import UNSENT

# The state is asked in the statement itself: a row that a worker claims meanwhile is looked at again, and stays.
DELETE: Final = """
WITH gone AS (
DELETE FROM publishing_delivery d
WHERE d.series_id = %(series)s AND d.state IN ('scheduled', 'held') AND d.attempts = 0 AND d.due_at > ks_now()
  AND NOT d.occurrence = ANY(%(keep)s::text[]) AND NOT d.id = ANY(%(spare)s::uuid[])
  AND (%(account)s::uuid IS NULL OR d.account_id = %(account)s::uuid)
  AND NOT EXISTS (SELECT 1 FROM publishing_attempt t WHERE t.delivery_id = d.id)
RETURNING d.id, d.series_id, d.subject_id, d.account_id, d.due_at)
INSERT INTO publishing_takenback (id, series_id, post_id, account_id, due_at, why, at)
SELECT gone.id, gone.series_id, gone.subject_id, gone.account_id, gone.due_at, %(why)s, ks_now() FROM gone"""

FORGET: Final = (
    "DELETE FROM publishing_takenback WHERE series_id = %(series)s AND at < ks_now() - interval '1 year'"
)

CANCEL: Final = f"""
UPDATE publishing_delivery d SET state = 'cancelled', reason = %(why)s, reason_params = '{{}}', said = '',
    not_before = NULL, changed_at = ks_now()
WHERE d.series_id = %(series)s AND d.state IN ('scheduled', 'held') AND {UNSENT} AND d.doubt_since IS NULL
  AND (%(due_too)s OR d.due_at > ks_now()) AND NOT d.occurrence = ANY(%(keep)s::text[])
  AND NOT d.id = ANY(%(spare)s::uuid[]) AND (%(account)s::uuid IS NULL OR d.account_id = %(account)s::uuid)
RETURNING d.id"""


def unmake(
    series: Series,
    why: str,
    *,
    keep: Collection[str] = (),
    spare: Collection[UUID] = (),
    account: UUID | None = None,
    due_too: bool = True,
) -> int:
    """Take back what has not left, of one account or of all. `keep`: the occurrences that stay, `spare`: the rows. `why`:
    the reason that is written where a row has a history. `due_too`: also what is due this moment and not taken up. How many went.
    """
    given: dict[str, Any] = {
        "series": series.pk,
        "keep": list(keep),
        "spare": list(spare),
        "account": account,
        "why": why,
        "due_too": due_too,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DELETE, given)
        gone = cursor.rowcount
        cursor.execute(FORGET, given)
        cursor.execute(CANCEL, given)
        cancelled = [row[0] for row in cursor.fetchall()]
        problems_changed(cancelled)
    return int(gone) + len(cancelled)
