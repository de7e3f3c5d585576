"""Takes what waits to be asked about: deliveries in unknown (looked up) or processing (followed).

Their state does not change by being taken; the lease only keeps two workers from asking at once. `recall` puts back into
the queue what a channel was given but does not publish before we ask it to, when it may not leave any more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.actions.claim import Claimed, claimed_from
from kitestring.domains.publishing.actions.close_part import free_places
from kitestring.domains.publishing.actions.steady import steady
from kitestring.domains.publishing.models.judging import FACTS, FAILING, JOINED, VERSION, parameters
from kitestring.domains.publishing.rules import waiting
from kitestring.kit.ids import uuid7

STEPS: Final = {"unknown": "look_up", "processing": "follow"}

# They begin in the order of their hours: of two that wait for the step that publishes, the earlier post is first.
# Looking up sends nothing, and asking how far it is sends nothing. Where the next question is what publishes, it waits for
# the same judgement as any sending: a pause or a voided approval stops it. One whose asker is gone in that step may be out
# already: it is neither asked again nor taken back here, the sweep puts it in doubt.
UNKNOWN: Final = "WITH open AS (SELECT d.id FROM publishing_delivery d WHERE {DUE}"
PROCESSING: Final = """WITH {FACTS}, open AS (
    SELECT d.id FROM publishing_delivery d {JOINED}
    WHERE (d.handed_over OR d.lease_until IS NULL AND {FAILING} = '') AND {DUE}"""
DUE: Final = """d.state = %(state)s AND (d.not_before IS NULL OR d.not_before <= ks_now())
      AND (d.lease_until IS NULL OR d.lease_until < ks_now())
    ORDER BY d.not_before NULLS FIRST LIMIT %(limit)s FOR NO KEY UPDATE OF d SKIP LOCKED"""
TAKE: Final = """
),
taken AS (
    UPDATE publishing_delivery d SET owner = %(me)s, lease_until = ks_now() + make_interval(secs => %(lease)s)
    FROM open WHERE d.id = open.id AND d.state = %(state)s
    RETURNING d.id, d.account_id, d.kind, d.subject_id, d.key, d.stamp, d.publish_kind, d.payload, d.handle,
        d.due_at, d.attempts - d.part_from AS tries, d.unclear, d.backup_at, d.part, d.remote_id,
        extract(epoch FROM ks_now() - coalesce(d.doubt_since, d.changed_at))::float8 AS in_doubt,
        extract(epoch FROM coalesce(d.processing_until, ks_now()) - ks_now())::float8 AS deadline
),
numbered AS (SELECT t.*, row_number() OVER () AS place FROM taken t),
tries AS (
    INSERT INTO publishing_attempt
        (id, delivery_id, number, step, owner, started_at, outcome, reason, reason_params, said, part)
    SELECT (%(keys)s::uuid[])[n.place], n.id,
        1 + (SELECT coalesce(max(a.number), 0) FROM publishing_attempt a WHERE a.delivery_id = n.id),
        %(step)s, %(me)s, ks_now(), '', '', '{}', '', n.part
    FROM numbered n
    RETURNING id, delivery_id
)
SELECT n.id, tries.id, n.account_id, n.kind, n.subject_id, coalesce(p.key, n.key), coalesce(p.stamp, n.stamp),
    n.publish_kind, n.payload, n.handle, n.due_at, n.tries, n.unclear, version.version, n.backup_at, n.in_doubt,
    n.deadline, n.part, n.remote_id, coalesce(nullif(b.remote_id, ''), n.remote_id)
FROM numbered n JOIN tries ON tries.delivery_id = n.id
LEFT JOIN publishing_part p ON n.part > 0 AND p.delivery_id = n.id AND p.place = n.part
LEFT JOIN publishing_part b ON n.part > 1 AND b.delivery_id = n.id AND b.place = n.part - 1
CROSS JOIN LATERAL (
    SELECT {VERSION} AS version
    FROM (SELECT *, xmin AS version FROM channels_account WHERE id = n.account_id) a
    JOIN brands_brand b ON b.id = a.brand_id JOIN workspaces_workspace w ON w.id = a.workspace_id
    LEFT JOIN (SELECT *, xmin AS version FROM channels_storedgrant) g ON g.account_id = a.id) version
ORDER BY n.due_at, n.id"""

# What was not handed over and may not leave now goes back into the queue, where every check has its words and its cure.
RECALL: Final = """WITH {FACTS},
judged AS (
    SELECT d.id FROM publishing_delivery d {JOINED}
    WHERE d.state = 'processing' AND NOT d.handed_over AND d.lease_until IS NULL
      AND {FAILING} <> '' FOR NO KEY UPDATE OF d SKIP LOCKED
)
UPDATE publishing_delivery d SET state = CASE WHEN d.part > 0 THEN 'partly_out' ELSE 'scheduled' END,
    processing_until = NULL, not_before = NULL, counted_at = CASE WHEN d.part > 0 THEN d.counted_at END,
    changed_at = ks_now(), handle = '', handed_over = true, waits_for = ''
FROM judged j WHERE d.id = j.id AND d.state = 'processing'
RETURNING d.id, d.part"""


def _whole(text: str) -> str:
    """The statement with the judgement's own parts in it."""
    parts = {"DUE": DUE, "FACTS": FACTS, "JOINED": JOINED, "FAILING": FAILING, "VERSION": VERSION}
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


CLAIMS: Final = {"unknown": _whole(UNKNOWN + TAKE), "processing": _whole(PROCESSING + TAKE)}
RECALLED: Final = _whole(RECALL)


def recall() -> list[UUID]:
    """Take back from the channels what lies there unpublished and may not leave; gives back the deliveries."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RECALLED, parameters("processing"))
        back: list[tuple[UUID, int]] = cursor.fetchall()
        free_places((pk, part) for pk, part in back if part)
        return [pk for pk, _part in back]


def claim_open(me: UUID, state: str, limit: int, lease: float = waiting.LEASE) -> list[Claimed]:
    """Take up to `limit` deliveries in `state` ("unknown", "processing") whose hour to be asked about has come."""
    steady()
    given: dict[str, Any] = {
        **(parameters(state) if state == "processing" else {}),
        "me": me,
        "state": state,
        "step": STEPS[state],
        "limit": limit,
        "lease": lease,
        "keys": [uuid7() for _ in range(limit)],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIMS[state], given)
        claimed = [claimed_from(row) for row in cursor.fetchall()]
    if claimed and not steady():
        # Set forward after we looked and before the rows were read: what they say of their doubt is not so.
        claimed = [replace(one, in_doubt=0.0) for one in claimed]
    return claimed
