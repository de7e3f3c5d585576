"""Takes what is due, in one statement: at most one delivery an account, its attempt written with it, committed.

Whatever comes back is in our hands until the lease ends; whatever does not, somebody else has or may not leave.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.actions.claim_part import PARTS, READY_PARTS, any_midway, parts_wait
from kitestring.domains.publishing.models.judging import HEADS, first_of_each, parameters
from kitestring.domains.publishing.rules import waiting
from kitestring.domains.publishing.rules.sequence import parts_of
from kitestring.kit.ids import uuid7
from kitestring.kit.prepared import fetch
from kitestring.kit.values import value

PAYLOAD: Final = 8

# How many rows are due, how many accounts had no lane yet, and whether a lane with something due is nobody's now: where all
# are in other workers' hands there is nothing to find, however many rows wait.
LANES: Final = """
WITH due AS MATERIALIZED (
    SELECT account_id, count(*) AS rows FROM publishing_delivery
    WHERE state = 'scheduled' AND due_at <= (SELECT ks_now()) GROUP BY account_id
),
made AS (
    INSERT INTO publishing_lane (account_id) SELECT account_id FROM due
    WHERE NOT EXISTS (SELECT 1 FROM publishing_lane l WHERE l.account_id = due.account_id)
    ON CONFLICT DO NOTHING RETURNING 1
),
free AS (
    SELECT 1 FROM publishing_lane l
    WHERE l.account_id IN (SELECT account_id FROM due)
      AND (l.lease_until IS NULL OR l.lease_until < (SELECT ks_now()))
      AND (l.not_before IS NULL OR l.not_before <= (SELECT ks_now()))
    LIMIT 1 FOR NO KEY UPDATE OF l SKIP LOCKED
)
SELECT (SELECT coalesce(sum(rows), 0) FROM due)::int, (SELECT count(*) FROM made)::int, EXISTS (SELECT 1 FROM free)"""

# Lanes are locked before anything is judged: one that somebody took meanwhile drops out, its newest version is read.
# Each part goes on with the rows of the one before, so that none of them has to be found again.
CLAIM: Final = (
    HEADS.replace("{LOCKED}", " FOR NO KEY UPDATE OF l SKIP LOCKED")
    + f""",
ready AS ({first_of_each("first, last NULLS FIRST, account_id")}),"""
    + """
taken AS (
    UPDATE publishing_delivery d SET state = 'sending', owner = %(me)s,
        lease_until = (SELECT ks_now()) + make_interval(secs => %(lease)s), attempts = d.attempts + 1,
        counted_at = (SELECT ks_now()), not_before = NULL, changed_at = (SELECT ks_now()),
        part_since = CASE WHEN d.payload ? 'parts' THEN (SELECT ks_now()) END,
        reason = '', reason_params = '{}', said = ''
    FROM ready r WHERE d.id = r.id AND d.state = 'scheduled' AND d.changed_at = r.changed_at
    RETURNING d.id, d.account_id, d.kind, d.subject_id, d.key, d.stamp, d.publish_kind, d.payload, d.handle,
        d.due_at, d.attempts, d.unclear, r.version, d.backup_at, r.tokens
),
keys AS (SELECT string_to_array(%(keys)s, ' ')::uuid[] AS made),
numbered AS (
    SELECT t.*, (SELECT made FROM keys)[row_number() OVER (ORDER BY t.due_at, t.id)] AS attempt FROM taken t),
kept AS (
    UPDATE publishing_lane l SET owner = %(me)s,
        lease_until = (SELECT ks_now()) + make_interval(secs => %(lease)s),
        tokens = t.tokens - 1, filled_at = (SELECT ks_now())
    FROM taken t WHERE l.account_id = t.account_id
),
tries AS (
    INSERT INTO publishing_attempt
        (id, delivery_id, number, step, owner, started_at, outcome, reason, reason_params, said)
    SELECT n.attempt, n.id,
        1 + (SELECT coalesce(max(a.number), 0) FROM publishing_attempt a WHERE a.delivery_id = n.id),
        'publish', %(me)s, (SELECT ks_now()), '', '', '{}', ''
    FROM numbered n
)
SELECT n.id, n.attempt, n.account_id, n.kind, n.subject_id, n.key, n.stamp, n.publish_kind, n.payload,
    n.handle, n.due_at, n.attempts, n.unclear, n.version, n.backup_at
FROM numbered n ORDER BY n.due_at, n.id"""
)

SPARE: Final = 10  # accounts looked at beyond those wanted: some may not send
SCAN: Final = 600  # due rows read to find them; all of them only where these were not enough
SOME: Final = CLAIM.replace("{SCAN}", f" LIMIT {SCAN}")
ALL: Final = CLAIM.replace("{SCAN}", "")
READY: Final = (
    HEADS.replace("{LOCKED}", "").replace("{SCAN}", "") + "\nSELECT count(*) FROM judged WHERE failing = ''"
)


@value
class Claimed:
    """A delivery in our hands, as it was frozen, and the attempt that was written for this call.

    `version`: see VERSION. `backup_at`: see `Delivery`. `in_doubt`, `deadline`: seconds. Of a sequence it is the part whose
    turn it is: `key`, `stamp` and `attempts` are that part's; `head` is the remote id of the first, `before` of the last
    one that is out.
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
    part: int = 0
    head: str = ""
    before: str = ""

    @property
    def parts(self) -> int:
        """How many it has in all; 0 for what is no sequence."""
        return len(parts_of(self.payload))


def take_due(me: UUID, limit: int, lease: float = waiting.LEASE) -> tuple[list[Claimed], bool]:
    """Take up to `limit` due deliveries that pass every check, for `lease` seconds. Committed when it returns.

    And whether something due was passed over on an account that is nobody's: it may not leave, and what stands behind it
    waits for it to be moved aside.
    """
    keys = [uuid7() for _ in range(limit)]
    passed_over = False
    with transaction.atomic():
        claimed = _claimed(PARTS, me, keys, lease) if parts_wait() else []
        keys = keys[len(claimed) :]
        first = _claimed(SOME, me, keys, lease) if keys else []
        if len(first) < len(keys):
            rows, made, free = make_lanes()
            passed_over = free or made > 0
            if made or (rows > SCAN and free):
                more = _claimed(ALL, me, keys[len(first) :], lease)
                first, passed_over = first + more, passed_over and not more
        return claimed + first, passed_over


def claim_due(me: UUID, limit: int, lease: float = waiting.LEASE) -> list[Claimed]:
    """As `take_due`, for who wants no more than what was taken."""
    return take_due(me, limit, lease)[0]


def _claimed(statement: str, me: UUID, keys: list[UUID], lease: float) -> list[Claimed]:
    given = {
        "me": me,
        "keys": " ".join(map(str, keys)),
        "limit": len(keys),
        "look": len(keys) + SPARE,
        "lease": lease,
    }
    return [claimed_from(row) for row in fetch(statement, {**parameters(), **given})]


def make_lanes() -> tuple[int, int, bool]:
    """Give each account that has something due its lane; how many rows are due, how many lanes were made, and whether
    one of those there before is free."""
    ((rows, made, free),) = fetch(LANES, {})
    return rows, made, free


def anything_stands() -> bool:
    """Whether something due might be neither sent nor moved aside: it is due on an account that is nobody's now, or a
    sequence is partly out.

    Where other workers have every account there is nothing to do but theirs, and to judge all that is due would cost more
    than sending it.
    """
    _rows, made, free = make_lanes()
    return free or made > 0 or any_midway()


def ready() -> int:
    """How many due deliveries could be claimed this moment."""
    with connection.cursor() as cursor:
        found = 0
        for statement in (READY, READY_PARTS) if parts_wait() else (READY,):
            cursor.execute(statement, {**parameters(), "look": SPARE})
            found += int(cursor.fetchone()[0])
        return found


def claimed_from(row: Sequence[Any]) -> Claimed:
    """A returned row as a `Claimed`; what is JSON may come as text."""
    values = list(row)
    if isinstance(values[PAYLOAD], str):
        values[PAYLOAD] = json.loads(values[PAYLOAD])
    return Claimed(*values)
