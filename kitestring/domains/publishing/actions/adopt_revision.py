"""Keeps scheduled deliveries in step with approvals: a voided yes holds them, a new yes brings the text it was given to.

Only where the brand asks for approval. Where it does not, what was scheduled is what goes out until a person
schedules it again: half a sentence saved by itself must never leave the house.
"""

from __future__ import annotations

import json
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.queries.deliveries import UNSENT

# Rows of which nothing is out, of brands that ask for approval, whose own revision has no yes (any more).
UNAPPROVED: Final = f"""
    FROM composing_revision mine, channels_account a, brands_brand b
    WHERE mine.id = d.revision_id AND a.id = d.account_id AND b.id = a.brand_id
      AND d.kind = 'variant' AND d.needs_approval AND b.needs_approval AND {UNSENT}
      AND (%(post)s::uuid IS NULL OR mine.post_id = %(post)s::uuid)
      AND NOT EXISTS (SELECT 1 FROM reviewing_approval p
                      WHERE p.revision_id = d.revision_id AND p.state = 'approved')"""

# The approved revision is the one whose words the post has now, whatever its number: words written back are an old one.
FIND: Final = f"""
SELECT DISTINCT ON (d.id) d.id, stands.id, carried.frozen, d.state
FROM publishing_delivery d
JOIN composing_revision mine ON mine.id = d.revision_id
JOIN channels_account a ON a.id = d.account_id
JOIN brands_brand b ON b.id = a.brand_id
JOIN composing_post o ON o.id = mine.post_id
JOIN composing_revision stands ON stands.post_id = o.id AND stands.digest = o.digest
    AND (stands.id <> mine.id OR d.reason IN ('approval_void', 'not_approved'))
JOIN reviewing_approval p ON p.revision_id = stands.id AND p.state = 'approved'
JOIN LATERAL (SELECT v.value AS frozen FROM jsonb_each(stands.content->'variants') v
              WHERE v.value->>'account' = d.account_id::text LIMIT 1) carried ON true
WHERE d.kind = 'variant' AND d.needs_approval AND b.needs_approval AND {UNSENT}
  AND (d.state = 'scheduled' OR d.state = 'held' AND d.reason IN ('approval_void', 'grant_expired', 'series_paused')
       OR d.state = 'needs_attention' AND d.reason IN ('not_approved', 'approval_void'))
  AND (%(post)s::uuid IS NULL OR mine.post_id = %(post)s::uuid)
ORDER BY d.id"""

ADOPT: Final = f"""
UPDATE publishing_delivery d SET revision_id = %(revision)s, payload = %(payload)s::jsonb,
    publish_kind = %(publish_kind)s, changed_at = ks_now(), reason_params = '{{}}',
    state = CASE WHEN d.reason IN ('approval_void', 'not_approved') THEN 'scheduled' ELSE d.state END,
    reason = CASE WHEN d.reason IN ('approval_void', 'not_approved') THEN '' ELSE d.reason END
WHERE d.id = %(id)s AND d.state = %(state)s AND {UNSENT}
RETURNING d.id"""

HOLD: Final = f"""
UPDATE publishing_delivery d SET state = 'held', reason = 'approval_void', reason_params = '{{}}', said = '',
    changed_at = ks_now()
{UNAPPROVED}
  AND d.state = 'scheduled'
  AND EXISTS (SELECT 1 FROM reviewing_approval p WHERE p.revision_id = d.revision_id AND p.state = 'voided')
RETURNING d.id"""


def adopt_stale(post_id: UUID | None = None) -> int:
    """Hold what lost its approval, then bring what was approved anew; of one post, or of all. How many rows moved."""
    moved: list[UUID] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(HOLD, {"post": post_id})
        moved += [row[0] for row in cursor.fetchall()]
        cursor.execute(FIND, {"post": post_id})
        for delivery_id, revision_id, content, state in cursor.fetchall():
            frozen = json.loads(content) if isinstance(content, str) else content
            given = {
                "id": delivery_id,
                "revision": revision_id,
                "state": state,
                "publish_kind": frozen["kind"],
                "payload": json.dumps(frozen),
            }
            cursor.execute(ADOPT, given)
            moved += [row[0] for row in cursor.fetchall()]
        problems_changed(moved)
    return len(moved)
