"""Marks in a restored database what may have gone out since the backup was made: it is looked up before it is sent.

The backup's ledger cannot know what happened after it. So whatever is open and whose hour has passed is doubted from
the moment of restoring: a worker looks for it there, waits for the settle time, and only what is surely absent is sent;
where nobody can look, a person decides. What is due later stays as it was.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg

PRESENT: Final = "SELECT to_regclass('publishing_delivery') IS NOT NULL"

# What a person holds or was asked about stays with a person; everything else the worker looks into first.
MARK: Final[LiteralString] = """
UPDATE publishing_delivery SET
    state = CASE WHEN state = 'needs_attention' OR state = 'held' AND reason IN ('held_by_person', 'approval_void')
                 THEN 'needs_attention' ELSE 'unknown' END,
    doubt_since = %(at)s, changed_at = %(at)s, attempts = greatest(attempts, 1),
    owner = NULL, lease_until = NULL, not_before = NULL, processing_until = NULL, waits_for = '',
    reason = 'restored', reason_params = %(params)s::jsonb, said = ''
WHERE state IN ('sending', 'processing', 'unknown')
   OR state IN ('scheduled', 'held', 'handed_off', 'needs_attention') AND due_at <= %(at)s"""


def doubt_open(database: psycopg.Connection[Any], made_at: str, at: datetime) -> int:
    """Mark them, in the caller's transaction; gives back how many. `made_at`: ISO 8601, when the backup was made."""
    found = database.execute(PRESENT).fetchone()
    if not (found and found[0]):
        return 0
    params = json.dumps({"made_at": _plain(made_at)})
    return database.execute(MARK, {"at": at, "params": params}).rowcount


def _plain(moment: str) -> str:
    """To the minute, with its offset; as it stands when it is no moment."""
    try:
        return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M %Z").strip()
    except ValueError:
        return moment
