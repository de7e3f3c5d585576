"""Leaves out what a series must not send any more: missed while nothing could leave, or too near to another of it.

Nothing of these went out. The newest that was missed stays before a person, as the one notice for all of them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.models.judging import NAME, NEAREST
from kitestring.domains.publishing.queries.deliveries import UNSENT
from kitestring.domains.publishing.rules.leaving_out import Due, left_out

# Nothing of `d` is out or half made on the channel, and nobody has it in hand: no person need be asked.
TAKES: Final = f"""{UNSENT} AND d.doubt_since IS NULL AND d.carried_by_id IS NULL AND d.backup_at IS NULL
  AND d.reason <> 'hand_off_late'"""
# Whatever another worker holds this moment is its business. On somebody's phone it may be out already.
DUE: Final = f"""
SELECT d.id, d.series_id, d.account_id, d.state, d.reason, coalesce((d.reason_params ->> 'n')::int, 0), d.due_at,
    ks_now() - d.due_at > make_interval(secs => d.tolerance), {NEAREST}, {NAME.format("d")}
FROM publishing_delivery d JOIN channels_account a ON a.id = d.account_id
WHERE d.series_id IS NOT NULL AND d.state IN ('scheduled', 'held', 'needs_attention') AND d.due_at <= ks_now()
  AND {TAKES}
FOR NO KEY UPDATE OF d SKIP LOCKED"""

CANCEL: Final = """
UPDATE publishing_delivery d SET state = 'cancelled', reason = r.reason, reason_params = r.params, said = '',
    not_before = NULL, changed_at = ks_now()
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(id uuid, reason text, params jsonb)
WHERE d.id = r.id AND d.state IN ('scheduled', 'held', 'needs_attention')"""

ASK: Final = """
UPDATE publishing_delivery d SET state = 'needs_attention', reason = 'missed_last', said = '', not_before = NULL,
    reason_params = jsonb_build_object('n', r.n), changed_at = ks_now()
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(id uuid, n int)
WHERE d.id = r.id AND d.state IN ('scheduled', 'held')"""


def leave_out() -> list[UUID]:
    """Safe to run at any time, any number at once; gives back what was left out."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE)
        out = left_out(_due(*row) for row in cursor.fetchall())
        if not out:
            return []
        over = [
            {"id": str(one.id), "reason": one.reason, "params": dict(one.params)}
            for one in out
            if not one.told
        ]
        asked = [{"id": str(one.id), "n": one.told} for one in out if one.told]
        cursor.execute(CANCEL, {"rows": json.dumps(over)})
        cursor.execute(ASK, {"rows": json.dumps(asked)})
        problems_changed(one.id for one in out)
    return [one.id for one in out]


def _due(*row: Any) -> Due:
    near, name = row[-2:]
    return replace(Due(*row[:-2]), near=json.loads(near) if near else None, name=name)
