"""Writes what came of calls, many in one statement, only where the delivery is still ours.

The attempt keeps its facts in any case. A proof that something is live is kept even when the delivery was taken from us
meanwhile: in unknown it settles it, and what a look too early had put back into the queue does not leave again. Even what
was cancelled or refused since is out then, and a second duty that took its place is cancelled.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction

from kitestring.domains.publishing.actions.close_part import adopt_parts, close_parts, free_places, plain
from kitestring.domains.publishing.actions.tell import (
    problems_changed,
    replies_changed,
    wake_asking,
    wake_slots,
)
from kitestring.domains.publishing.events import published
from kitestring.domains.publishing.models import GRAPH, DeliveryKind
from kitestring.domains.publishing.rules.next_step import Next
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.prepared import fetch
from kitestring.kit.text import storable
from kitestring.kit.values import value

# What a result does not say is left out of its row, and is nothing here.
ROWS: Final = """WITH r AS (
    SELECT id, attempt, source, target, part, coalesce(reason, '') AS reason, coalesce(said, '') AS said,
        coalesce(params, '{}') AS params, wait, coalesce(sure, false) AS sure, coalesce(doubt, false) AS doubt,
        coalesce(unclear, 0) AS unclear, coalesce(handed_over, false) AS handed_over, coalesce(remote_id, '') AS remote_id,
        coalesce(url, '') AS url, coalesce(handle, '') AS handle, coalesce(waits_for, '') AS waits_for, deadline
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
    id uuid, attempt uuid, source text, target text, reason text, said text, params jsonb, wait float8, sure boolean,
    doubt boolean, unclear int, part int, handed_over boolean,
    remote_id text, url text, handle text, waits_for text, deadline float8))"""

CHANGES: Final = """
    state = r.target, owner = NULL, lease_until = NULL, changed_at = (SELECT ks_now()),
    reason = r.reason, reason_params = r.params, said = r.said,
    not_before = (SELECT ks_now()) + make_interval(secs => r.wait),
    counted_at = CASE WHEN r.sure AND d.part = 0 THEN NULL ELSE d.counted_at END,
    doubt_since = CASE WHEN r.doubt THEN (SELECT ks_now()) WHEN r.sure THEN NULL ELSE d.doubt_since END,
    unclear = d.unclear + r.unclear,
    backup_at = CASE WHEN r.target = 'published' OR r.sure AND r.source = 'unknown' THEN NULL ELSE d.backup_at END,
    handle = CASE WHEN r.handle <> '' THEN r.handle ELSE d.handle END,
    handed_over = CASE WHEN r.handle <> '' THEN r.handed_over ELSE d.handed_over END,
    waits_for = CASE WHEN r.handle <> '' THEN r.waits_for WHEN r.target = 'processing' THEN d.waits_for ELSE '' END,
    processing_until = CASE WHEN r.target <> 'processing' THEN NULL
        ELSE coalesce(d.processing_until, (SELECT ks_now()) + make_interval(secs => r.deadline)) END,
    remote_id = CASE WHEN r.target = 'published' THEN r.remote_id ELSE d.remote_id END,
    remote_url = CASE WHEN r.target = 'published' THEN r.url ELSE d.remote_url END,
    published_at = CASE WHEN r.target = 'published' THEN (SELECT ks_now()) ELSE d.published_at END"""

CLOSE: Final = f"""{ROWS},
done AS (
    UPDATE publishing_delivery d SET {CHANGES}
    FROM r WHERE d.id = r.id AND d.state = r.source AND d.owner = %(me)s AND d.part = r.part
    RETURNING d.id, d.account_id, d.kind, r.source, r.target, r.wait
),
ended AS (
    UPDATE publishing_attempt t SET ended_at = (SELECT ks_now()), outcome = r.target, reason = r.reason,
        reason_params = r.params, said = r.said
    FROM r WHERE t.id = r.attempt
),
freed AS (
    UPDATE publishing_lane l SET owner = NULL, lease_until = NULL,
        not_before = CASE WHEN done.target IN ('scheduled', 'partly_out')
            THEN (SELECT ks_now()) + make_interval(secs => done.wait) END
    FROM done WHERE l.account_id = done.account_id AND l.owner = %(me)s AND done.source = 'sending'
)
SELECT id, kind FROM done"""

# What was scheduled in the place of a cancelled one that is out after all.
MAKE_ROOM: Final = f"""{ROWS}
UPDATE publishing_delivery d SET state = 'cancelled', changed_at = ks_now(), not_before = NULL, said = '',
    reason = 'out_already', reason_params = '{{}}'
FROM r JOIN publishing_delivery first ON first.id = r.id
WHERE (r.target = 'published' OR r.remote_id <> '') AND first.state = 'cancelled' AND d.id <> first.id
  AND d.kind = first.kind AND d.subject_id = first.subject_id AND d.account_id = first.account_id
  AND d.series_id IS NULL AND first.series_id IS NULL
  AND d.state IN ('scheduled', 'held', 'failed', 'needs_attention') AND d.doubt_since IS NULL AND d.part = 0"""

# A second duty that is out itself, or may be, keeps its row; of the first one the attempt keeps the proof.
ADOPT: Final = f"""{ROWS},
done AS (
    UPDATE publishing_delivery d SET {CHANGES}
    FROM r WHERE d.id = r.id AND r.target = 'published'
      AND (d.state IN ('unknown', 'needs_attention', 'scheduled', 'held', 'failed', 'sending')
        OR d.state = 'cancelled' AND NOT EXISTS (
            SELECT 1 FROM publishing_delivery s
            WHERE s.kind = d.kind AND s.subject_id = d.subject_id AND s.account_id = d.account_id
              AND s.series_id IS NULL AND d.series_id IS NULL
              AND s.state NOT IN ('cancelled', 'withdrawn')))
    RETURNING d.id, d.kind
)
SELECT id, kind FROM done"""


@value
class Result:
    """What came of one call: the delivery, its attempt, where it stood, where it goes. `deadline`: for processing.

    `part` of `parts`: which one of a sequence it was about.
    """

    delivery_id: UUID
    account_id: UUID
    attempt_id: UUID
    source: str
    next: Next
    deadline: float = 0.0
    part: int = 0
    parts: int = 0

    def row(self) -> dict[str, Any]:
        """As the statement wants it, without what says nothing."""
        step = self.next
        if step.state != self.source:
            GRAPH.check(self.source, step.state)
        row: dict[str, Any] = {
            "id": self.delivery_id,
            "attempt": self.attempt_id,
            "source": self.source,
            "target": step.state,
            "part": self.part,
        }
        if step.wait is not None:
            row["wait"] = step.wait
        if step.live:
            row |= {"remote_id": step.live.remote_id, "url": step.live.url}
        if step.taken:
            row |= {
                "handle": step.taken.handle,
                "handed_over": step.taken.handed_over,
                "waits_for": step.taken.waits_for[:60],
            }
        if step.state == "processing":
            row["deadline"] = self.deadline
        told = {
            "reason": step.reason[:60], "said": step.said, "params": dict(step.params),
            "sure": step.sure, "doubt": step.doubt, "unclear": step.unclear,
        }  # fmt: skip
        return row | {name: value for name, value in told.items() if value}


def close(me: UUID, results: Sequence[Result]) -> set[UUID]:
    """Write the results; gives back the deliveries that were still ours (or whose proof was adopted)."""
    if not results:
        return set()
    results = [_kept(result) for result in results]
    parts = [r for r in results if r.parts and r.next.live is not None]
    rows = _json([r for r in results if r not in parts] if parts else results)
    with transaction.atomic(), connection.cursor() as cursor:
        written: dict[UUID, str] = dict(fetch(CLOSE, {"rows": rows, "me": me}))
        written |= close_parts(me, [(r.row(), r.parts) for r in parts]) if parts else {}
        free_places((r.delivery_id, r.part) for r in results if r.part and r.next.sure)
        lost = [r for r in results if r.delivery_id not in written and r.next.live is not None]
        if lost:
            cursor.execute(MAKE_ROOM, {"rows": _json(lost)})
            cursor.execute(ADOPT, {"rows": _json([r for r in lost if r not in parts])})
            written |= dict(cursor.fetchall())
            written |= adopt_parts([(r.row(), r.parts) for r in lost if r in parts])
        _tell([r for r in results if r.delivery_id in written], written)
    return set(written)


def _kept(result: Result) -> Result:
    """The result with an id and address that the ledger can keep, as they are written and as they are told."""
    live = result.next.live
    if live is None or (len(live.remote_id) <= 500 and len(live.url) <= 1000 and live.url.isprintable()):
        return result
    kept = replace(live, remote_id=storable(live.remote_id)[:500], url=storable(live.url)[:1000])
    return replace(result, next=replace(result.next, live=kept))


def _json(results: Sequence[Result]) -> str:
    rows = [result.row() for result in results]
    try:
        text = orjson.dumps(rows).decode()
    except orjson.JSONEncodeError:  # half of a surrogate pair, a number beyond 64 bits
        text = ""
    if not text or "\\u0000" in text:
        return json.dumps([plain(row) for row in rows])
    return text


def _tell(results: Sequence[Result], written: dict[UUID, str]) -> None:
    live: dict[str, list[UUID]] = {}
    for result in results:
        if result.next.state == "published":
            live.setdefault(written[result.delivery_id], []).append(result.delivery_id)
    for kind, ids in live.items():
        announce(published(kind, ids))
    replies_changed(
        r.delivery_id
        for r in results
        if r.next.state == "failed" and written[r.delivery_id] == DeliveryKind.REPLY
    )
    problems_changed(
        r.delivery_id
        for r in results
        if r.next.state in ("needs_attention", "failed", "held") or r.next.doubt
    )
    wake_asking(r.next.wait or 0.0 for r in results if r.next.state in ("unknown", "processing"))
    retries = [
        r.next.wait or 0.0
        for r in results
        if r.next.state == "scheduled"
        or (r.next.state == "partly_out" and (r.source != "sending" or r.next.live is None))
    ]
    if retries:
        wake_slots([now() + timedelta(seconds=wait) for wait in retries])
