"""Takes what is due, in one statement: at most one delivery an account, its attempt written with it, committed.

Whatever comes back is in our hands until the lease ends; whatever does not, somebody else has or may not leave.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.models.judging import HEADS, parameters
from kitestring.domains.publishing.rules import waiting
from kitestring.kit.ids import uuid7
from kitestring.kit.prepared import fetch

PAYLOAD: Final = 8

# Changes whenever a row does that the account's session is made of: whoever has it open need not read them again.
VERSION: Final = """CROSS JOIN LATERAL (
    SELECT concat_ws('-', a.xmin, g.xmin, b.xmin, w.xmin) AS version
    FROM channels_account a JOIN brands_brand b ON b.id = a.brand_id JOIN workspaces_workspace w ON w.id = a.workspace_id
    LEFT JOIN channels_storedgrant g ON g.account_id = a.id WHERE a.id = n.account_id) version
"""

LANES: Final = """
INSERT INTO publishing_lane (account_id)
SELECT DISTINCT d.account_id FROM publishing_delivery d
WHERE d.state = 'scheduled' AND d.due_at <= ks_now()
  AND NOT EXISTS (SELECT 1 FROM publishing_lane l WHERE l.account_id = d.account_id)
ON CONFLICT DO NOTHING"""

CLAIM: Final = (
    HEADS
    + """,
ready AS (
    SELECT j.id, j.account_id, j.changed_at, j.due_at AS first, j.pace_calls AS calls, j.pace_seconds AS seconds
    FROM judged j WHERE j.failing = ''
),
lanes AS (
    SELECT l.account_id, CASE WHEN r.calls IS NULL THEN NULL ELSE least(r.calls,
        coalesce(l.tokens + extract(epoch FROM ks_now() - l.filled_at) * r.calls / r.seconds, r.calls)) END AS tokens
    FROM publishing_lane l JOIN ready r ON r.account_id = l.account_id
    WHERE (l.lease_until IS NULL OR l.lease_until < ks_now())
      AND (l.not_before IS NULL OR l.not_before <= ks_now())
      AND (r.calls IS NULL OR least(r.calls, coalesce(
            l.tokens + extract(epoch FROM ks_now() - l.filled_at) * r.calls / r.seconds, r.calls)) >= 1)
    ORDER BY r.first, l.account_id LIMIT %(limit)s
    FOR NO KEY UPDATE OF l SKIP LOCKED
),
picked AS (SELECT r.id, r.changed_at FROM ready r JOIN lanes USING (account_id)),
taken AS (
    UPDATE publishing_delivery d SET state = 'sending', owner = %(me)s,
        lease_until = ks_now() + make_interval(secs => %(lease)s), attempts = d.attempts + 1, counted_at = ks_now(),
        not_before = NULL, changed_at = ks_now(), reason = '', reason_params = '{}', said = ''
    FROM picked p WHERE d.id = p.id AND d.state = 'scheduled' AND d.changed_at = p.changed_at
    RETURNING d.id, d.account_id, d.kind, d.subject_id, d.key, d.stamp, d.publish_kind, d.payload, d.handle,
        d.due_at, d.attempts, d.unclear, d.backup_at
),
numbered AS (SELECT t.*, row_number() OVER (ORDER BY t.due_at, t.id) AS place FROM taken t),
kept AS (
    UPDATE publishing_lane l SET owner = %(me)s, lease_until = ks_now() + make_interval(secs => %(lease)s),
        tokens = lanes.tokens - 1, filled_at = ks_now()
    FROM lanes, taken t WHERE l.account_id = t.account_id AND lanes.account_id = l.account_id
),
tries AS (
    INSERT INTO publishing_attempt
        (id, delivery_id, number, step, owner, started_at, outcome, reason, reason_params, said)
    SELECT (%(keys)s::uuid[])[n.place], n.id,
        1 + (SELECT coalesce(max(a.number), 0) FROM publishing_attempt a WHERE a.delivery_id = n.id),
        'publish', %(me)s, ks_now(), '', '', '{}', ''
    FROM numbered n
    RETURNING id, delivery_id
)
SELECT n.id, tries.id, n.account_id, n.kind, n.subject_id, n.key, n.stamp, n.publish_kind, n.payload, n.handle,
    n.due_at, n.attempts, n.unclear, version.version, n.backup_at
FROM numbered n JOIN tries ON tries.delivery_id = n.id
"""
    + VERSION
    + "ORDER BY n.place"
)

READY: Final = HEADS + "\nSELECT count(*) FROM judged WHERE failing = ''"
SPARE: Final = 30  # lanes looked at beyond those wanted: others may hold some, and some may not send


@dataclass(frozen=True)
class Claimed:
    """A delivery in our hands, as it was frozen, and the attempt that was written for this call.

    `version`: see VERSION. `backup_at`: see `Delivery`. `in_doubt`, `deadline`: seconds.
    """

    id: UUID
    attempt: UUID
    account_id: UUID
    kind: str
    subject_id: UUID
    key: UUID
    stamp: datetime
    publish_kind: str
    payload: dict[str, Any]
    handle: str
    due_at: datetime
    attempts: int
    unclear: int
    version: str = ""
    backup_at: datetime | None = None
    in_doubt: float = 0.0
    deadline: float = 0.0


def claim_due(me: UUID, limit: int, lease: float = waiting.LEASE) -> list[Claimed]:
    """Take up to `limit` due deliveries that pass every check, for `lease` seconds. Committed when it returns."""
    given = {
        **parameters(),
        "me": me,
        "limit": limit,
        "look": limit + SPARE,
        "lease": lease,
        "keys": [uuid7() for _ in range(limit)],
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LANES)
        return [claimed_from(row) for row in fetch(CLAIM, given)]


def ready() -> int:
    """How many due deliveries could be claimed this moment."""
    with connection.cursor() as cursor:
        cursor.execute(READY, {**parameters(), "look": SPARE})
        return int(cursor.fetchone()[0])


def claimed_from(row: Sequence[Any]) -> Claimed:
    """A returned row as a `Claimed`; what is JSON may come as text."""
    values = list(row)
    if isinstance(values[PAYLOAD], str):
        values[PAYLOAD] = json.loads(values[PAYLOAD])
    return Claimed(*values)
