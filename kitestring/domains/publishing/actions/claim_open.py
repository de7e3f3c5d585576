"""Takes what waits to be asked about: deliveries in unknown (looked up) or processing (followed).

Their state does not change by being taken; the lease only keeps two workers from asking at once.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.actions.claim import Claimed, claimed_from
from kitestring.domains.publishing.rules import waiting
from kitestring.kit.ids import uuid7

STEPS: Final = {"unknown": "look_up", "processing": "follow"}

CLAIM: Final = """
WITH open AS (
    SELECT d.id FROM publishing_delivery d
    WHERE d.state = %(state)s AND (d.not_before IS NULL OR d.not_before <= ks_now())
      AND (d.lease_until IS NULL OR d.lease_until < ks_now())
    ORDER BY d.not_before NULLS FIRST LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
),
taken AS (
    UPDATE publishing_delivery d SET owner = %(me)s, lease_until = ks_now() + make_interval(secs => %(lease)s)
    FROM open WHERE d.id = open.id AND d.state = %(state)s
    RETURNING d.id, d.account_id, d.kind, d.subject_id, d.key, d.stamp, d.publish_kind, d.payload, d.handle,
        d.due_at, d.attempts, d.unclear,
        extract(epoch FROM ks_now() - coalesce(d.doubt_since, d.changed_at))::float8 AS in_doubt,
        extract(epoch FROM coalesce(d.processing_until, ks_now()) - ks_now())::float8 AS deadline,
        d.reason, d.reason_params
),
numbered AS (SELECT t.*, row_number() OVER () AS place FROM taken t),
tries AS (
    INSERT INTO publishing_attempt
        (id, delivery_id, number, step, owner, started_at, outcome, reason, reason_params, said)
    SELECT (%(keys)s::uuid[])[n.place], n.id,
        1 + (SELECT coalesce(max(a.number), 0) FROM publishing_attempt a WHERE a.delivery_id = n.id),
        %(step)s, %(me)s, ks_now(), '', '', '{}', ''
    FROM numbered n
    RETURNING id, delivery_id
)
SELECT n.id, tries.id, n.account_id, n.kind, n.subject_id, n.key, n.stamp, n.publish_kind, n.payload, n.handle,
    n.due_at, n.attempts, n.unclear, n.in_doubt, n.deadline,
    n.reason, n.reason_params
FROM numbered n JOIN tries ON tries.delivery_id = n.id"""


def claim_open(me: UUID, state: str, limit: int, lease: float = waiting.LEASE) -> list[Claimed]:
    """Take up to `limit` deliveries in `state` ("unknown", "processing") whose hour to be asked about has come."""
    given: dict[str, Any] = {
        "me": me,
        "state": state,
        "step": STEPS[state],
        "limit": limit,
        "lease": lease,
        "keys": [uuid7() for _ in range(limit)],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, given)
        return [claimed_from(row) for row in cursor.fetchall()]
