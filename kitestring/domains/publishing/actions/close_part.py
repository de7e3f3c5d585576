"""Writes that a part of a sequence is live: it keeps its id and address, and the next one's turn begins, or all is out.

In the statement that sets the account's lane free the row says that its next part waits: nothing slips between.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.queries.parts import keys_and_stamps
from kitestring.domains.publishing.rules.sequence import key_of, stamp_of
from kitestring.kit.text import storable_in

ROWS: Final = """WITH r AS (
    SELECT id, attempt, source, target, coalesce(reason, '') AS reason, coalesce(params, '{}') AS params, wait,
        coalesce(doubt, false) AS doubt, part, coalesce(remote_id, '') AS remote_id, coalesce(url, '') AS url
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
    id uuid, attempt uuid, source text, target text, reason text, params jsonb, wait float8, doubt boolean,
    part int, remote_id text, url text))"""

CHANGES: Final = """
    owner = NULL, lease_until = NULL, changed_at = ks_now(), said = '',
    not_before = ks_now() + make_interval(secs => r.wait), unclear = 0, handle = '', handed_over = true, waits_for = '',
    doubt_since = CASE WHEN r.doubt THEN ks_now() WHEN r.target = 'published' THEN d.doubt_since END,
    processing_until = NULL, backup_at = CASE WHEN r.target <> 'published' THEN d.backup_at END,
    remote_id = CASE WHEN d.part = 0 THEN r.remote_id ELSE d.remote_id END,
    remote_url = CASE WHEN d.part = 0 THEN r.url ELSE d.remote_url END,
    published_at = CASE WHEN d.part = 0 THEN ks_now() ELSE d.published_at END,
    counted_at = CASE WHEN d.part = 0 THEN coalesce(d.counted_at, ks_now()) ELSE d.counted_at END,
    part = d.part + 1, part_from = d.attempts, part_since = ks_now()"""

LIVE: Final = """,
live AS (
    UPDATE publishing_part p SET remote_id = done.remote, remote_url = done.url, published_at = ks_now(),
        counted_at = coalesce(p.counted_at, ks_now())
    FROM done WHERE p.delivery_id = done.id AND p.place = done.place
)"""

CLOSE: Final = f"""{ROWS},
done AS (
    UPDATE publishing_delivery d SET state = r.target, reason = r.reason, reason_params = r.params, {CHANGES}
    FROM r WHERE d.id = r.id AND d.state = r.source AND d.owner = %(me)s AND d.part = r.part
    RETURNING d.id, d.account_id, d.kind, r.part AS place, r.remote_id AS remote, r.url, r.source, d.state
),
ended AS (
    UPDATE publishing_attempt t SET ended_at = ks_now(), outcome = r.target, reason = r.reason,
        reason_params = r.params, said = ''
    FROM r WHERE t.id = r.attempt
),
freed AS (
    UPDATE publishing_lane l SET owner = NULL, lease_until = NULL, not_before = NULL
    FROM done WHERE l.account_id = done.account_id AND l.owner = %(me)s AND done.source = 'sending'
){LIVE}
SELECT id, kind, place, state FROM done"""  # noqa: S608 - our own text

# What a person stopped, or was asked about, does not go on by itself because its proof came late. What was left as it is
# stays so, with one part more; what was taken down is taken down again with it, by us or by the person who did.
ADOPT: Final = f"""{ROWS},
done AS (
    UPDATE publishing_delivery d SET {CHANGES},
        state = CASE WHEN d.state = 'published' OR d.state = 'withdrawn' AND d.withdraw_asked IS NOT NULL THEN 'published'
            WHEN d.state = 'withdrawn' THEN 'needs_attention'
            WHEN r.target = 'published' OR d.state IN ('unknown', 'scheduled', 'partly_out', 'sending')
            THEN r.target ELSE 'needs_attention' END,
        reason = CASE WHEN d.state = 'published' OR d.state = 'withdrawn' AND d.withdraw_asked IS NOT NULL THEN ''
            WHEN d.state = 'withdrawn' THEN 'part_after_all'
            WHEN r.target = 'published' OR d.state IN ('unknown', 'scheduled', 'partly_out', 'sending')
            THEN r.reason ELSE 'partly_out' END,
        head_withdrawn_at = CASE WHEN d.state = 'withdrawn' THEN d.changed_at ELSE d.head_withdrawn_at END,
        withdraw_asked = CASE WHEN d.withdraw_asked IS NOT NULL THEN ks_now() END,
        reason_params = r.params
    FROM r WHERE d.id = r.id AND d.part = r.part
      AND (d.state IN ('unknown', 'needs_attention', 'scheduled', 'held', 'failed', 'sending', 'partly_out', 'published')
        OR d.state IN ('cancelled', 'withdrawn') AND NOT EXISTS (
            SELECT 1 FROM publishing_delivery s
            WHERE s.kind = d.kind AND s.subject_id = d.subject_id AND s.account_id = d.account_id
              AND s.series_id IS NULL AND d.series_id IS NULL
              AND s.state NOT IN ('cancelled', 'withdrawn')))
    RETURNING d.id, d.account_id, d.kind, r.part AS place, r.remote_id AS remote, r.url, d.state
){LIVE}
SELECT id, kind, place, state FROM done"""  # noqa: S608 - our own text

MADE: Final = """
INSERT INTO publishing_part (delivery_id, account_id, place, key, stamp, remote_id, remote_url)
SELECT d.id, d.account_id, m.place, m.key, m.stamp, '', ''
FROM jsonb_to_recordset(%(rows)s::jsonb) AS m(id uuid, place int, key uuid, stamp timestamptz)
JOIN publishing_delivery d ON d.id = m.id
ON CONFLICT DO NOTHING"""

LANE: Final = """
INSERT INTO publishing_lane (account_id) SELECT account_id FROM publishing_delivery WHERE id = ANY(%(ids)s)
ON CONFLICT DO NOTHING"""

FREE: Final = """
UPDATE publishing_part p SET counted_at = NULL FROM unnest(%(ids)s::uuid[], %(places)s::int[]) AS one(id, place)
WHERE p.delivery_id = one.id AND p.place = one.place AND p.remote_id = ''"""


def close_parts(me: UUID, results: Sequence[tuple[dict[str, Any], int]]) -> dict[UUID, str]:
    """Rows of `close.Result` with a live part, each with how many parts there are; the kinds of those that were still ours."""
    return _write(CLOSE, results, me=me)


def adopt_parts(results: Sequence[tuple[dict[str, Any], int]]) -> dict[UUID, str]:
    """The same of proofs that come when the delivery is no longer ours; tells of those that now wait for a person."""
    return _write(ADOPT, results)


def _write(statement: str, results: Sequence[tuple[dict[str, Any], int]], **given: UUID) -> dict[UUID, str]:
    if not results:
        return {}
    counts = {row["id"]: parts for row, parts in results}
    with connection.cursor() as cursor:
        # Their rows first: the statement writes on what was there when it began.
        make_parts({pk: parts for pk, parts in counts.items() if parts})
        cursor.execute(statement, {"rows": json.dumps([plain(row) for row, _parts in results]), **given})
        done = cursor.fetchall()
    problems_changed(pk for pk, _kind, _place, state in done if state in ("needs_attention", "unknown"))
    return {pk: kind for pk, kind, _place, _state in done}


def make_parts(counts: dict[UUID, int]) -> None:
    """The rows of the later parts of these deliveries, of so many parts each, and the lane they go out in."""
    made = [
        {
            "id": str(pk),
            "place": place,
            "key": str(key_of(key, place)),
            "stamp": stamp_of(stamp, place).isoformat(),
        }
        for pk, key, stamp in keys_and_stamps(counts)
        for place in range(1, counts[pk])
    ]
    with connection.cursor() as cursor:
        cursor.execute(MADE, {"rows": json.dumps(made)})
        cursor.execute(LANE, {"ids": list(counts)})


def free_places(parts: Iterable[tuple[UUID, int]]) -> None:
    """It is sure that these parts are not out: their places in the quota are free again."""
    if found := list(parts):
        with connection.cursor() as cursor:
            cursor.execute(FREE, {"ids": [pk for pk, _ in found], "places": [place for _, place in found]})


def plain(value: Any) -> Any:
    """As JSON takes it. PostgreSQL knows no NUL and no half of a surrogate pair in a text, whatever a channel says."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return str(value) if isinstance(value, UUID) else storable_in(value)
