"""Takes the next part of each sequence that is partly out: the statement beside the one that takes what is due.

Its attempt is written with it, and its place in the quota is its own.
"""

from __future__ import annotations

from typing import Final

from kitestring.domains.publishing.models.judging import MIDWAYS, first_of_each
from kitestring.kit.prepared import fetch

# Asked at every visit, where as a rule there is none: the statement that takes them costs ten times as much.
WAIT: Final = """
SELECT EXISTS (SELECT 1 FROM publishing_delivery WHERE state = 'partly_out' AND part_since IS NOT NULL
    AND (not_before IS NULL OR not_before <= (SELECT ks_now())))"""
ANY: Final = """
SELECT EXISTS (SELECT 1 FROM publishing_delivery WHERE state = 'partly_out' AND part_since IS NOT NULL)"""
READY_PARTS: Final = MIDWAYS.replace("{LOCKED}", "") + "\nSELECT count(*) FROM judged WHERE failing = ''"

# The next part of a sequence goes before anything else of its account.
TAKE: Final = """
taken AS (
    UPDATE publishing_delivery d SET state = 'sending', owner = %(me)s,
        lease_until = (SELECT ks_now()) + make_interval(secs => %(lease)s), attempts = d.attempts + 1,
        not_before = NULL, changed_at = (SELECT ks_now()), reason = '', reason_params = '{}', said = ''
    FROM ready r WHERE d.id = r.id AND d.state = 'partly_out' AND d.changed_at = r.changed_at
    RETURNING d.id, d.account_id, d.kind, d.subject_id, d.publish_kind, d.payload, d.handle, d.due_at,
        d.attempts - d.part_from AS tries, d.unclear, r.version, d.backup_at, r.tokens, d.part, d.remote_id
),
keys AS (SELECT string_to_array(%(keys)s, ' ')::uuid[] AS made),
numbered AS (
    SELECT t.*, (SELECT made FROM keys)[row_number() OVER (ORDER BY t.due_at, t.id)] AS attempt FROM taken t),
counted AS (
    UPDATE publishing_part p SET counted_at = (SELECT ks_now())
    FROM taken t WHERE p.delivery_id = t.id AND p.place = t.part
),
kept AS (
    UPDATE publishing_lane l SET owner = %(me)s,
        lease_until = (SELECT ks_now()) + make_interval(secs => %(lease)s),
        tokens = t.tokens - 1, filled_at = (SELECT ks_now())
    FROM taken t WHERE l.account_id = t.account_id
),
tries AS (
    INSERT INTO publishing_attempt
        (id, delivery_id, number, step, owner, started_at, outcome, reason, reason_params, said, part)
    SELECT n.attempt, n.id,
        1 + (SELECT coalesce(max(a.number), 0) FROM publishing_attempt a WHERE a.delivery_id = n.id),
        'publish', %(me)s, (SELECT ks_now()), '', '', '{}', '', n.part
    FROM numbered n
)
SELECT n.id, n.attempt, n.account_id, n.kind, n.subject_id, p.key, p.stamp, n.publish_kind, n.payload,
    n.handle, n.due_at, n.tries, n.unclear, n.version, n.backup_at, 0.0::float8, 0.0::float8, n.part, n.remote_id,
    coalesce(nullif(b.remote_id, ''), n.remote_id)
FROM numbered n JOIN publishing_part p ON p.delivery_id = n.id AND p.place = n.part
LEFT JOIN publishing_part b ON b.delivery_id = n.id AND b.place = n.part - 1 ORDER BY n.due_at, n.id"""
PARTS: Final = (
    MIDWAYS.replace("{LOCKED}", " FOR NO KEY UPDATE OF l SKIP LOCKED")
    + f",\nready AS ({first_of_each('part_since, id')}),"
    + TAKE
)


def any_midway() -> bool:
    """Whether any sequence is partly out, also where its next part waits."""
    return bool(fetch(ANY, {})[0][0])


def parts_wait() -> bool:
    """Whether any sequence is partly out and its next part need not wait."""
    return bool(fetch(WAIT, {})[0][0])
