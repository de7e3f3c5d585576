"""Marks in a restored database what may have gone out since the backup was made: it is looked up before it is sent.

The backup's ledger cannot know what happened after it. So whatever is open and whose hour has passed is doubted from
the moment of restoring: a worker looks for it there, waits for the settle time, and only what is surely absent is sent;
where nobody can look, a person decides. What is due later may have been brought forward: it keeps its hour, and is looked
for before it leaves; where nobody can look, a person is asked now.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final, LiteralString

import psycopg

from kitestring.connectorkit import registry

COLUMNS: Final = """SELECT array_agg(column_name::text) FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = 'publishing_delivery'"""

# What a person holds or was asked about stays with a person; everything else the worker looks into first.
MARK: Final[LiteralString] = """
UPDATE publishing_delivery SET
    state = CASE WHEN state = 'needs_attention' OR state = 'held' AND reason IN ('held_by_person', 'approval_void')
                 THEN 'needs_attention' ELSE 'unknown' END,
    doubt_since = %(at)s, changed_at = %(at)s, attempts = greatest(attempts, 1),
    owner = NULL, lease_until = NULL, not_before = NULL, processing_until = NULL, waits_for = '',
    reason = 'restored', reason_params = %(params)s::jsonb, said = ''
WHERE state IN ('sending', 'processing', 'unknown', 'partly_out')
   OR state IN ('scheduled', 'held', 'handed_off', 'needs_attention') AND due_at <= %(at)s"""
# Later ones, and what was refused: a second try looks first. `handed_off` and channels by hand: a person carries it anyway.
LATER: Final[LiteralString] = """
UPDATE publishing_delivery d SET attempts = greatest(d.attempts, 1), changed_at = %(at)s
FROM channels_account a
WHERE a.id = d.account_id AND a.channel = ANY(%(looked)s)
  AND (d.state IN ('scheduled', 'held') AND d.due_at > %(at)s OR d.state = 'failed')"""
ASKED: Final[LiteralString] = """
UPDATE publishing_delivery d SET state = 'needs_attention', changed_at = %(at)s, not_before = NULL,
    doubt_since = %(at)s, reason = 'restored', reason_params = %(params)s::jsonb, said = ''
FROM channels_account a
WHERE a.id = d.account_id AND NOT a.channel = ANY(%(looked)s) AND NOT a.channel = ANY(%(by_hand)s)
  AND (d.state IN ('scheduled', 'held') AND d.due_at > %(at)s OR d.state = 'failed')"""
SINCE: Final[LiteralString] = """
UPDATE publishing_delivery SET backup_at = %(made)s
WHERE state NOT IN ('draft', 'published', 'cancelled', 'withdrawn')"""
# What comes round and was not made yet when the backup was: up to now it may be out, by rows we know nothing of.
SERIES: Final[LiteralString] = "UPDATE publishing_series SET made_to = greatest(made_to, %(at)s)"


def doubt_open(database: psycopg.Connection[Any], made_at: str, at: datetime) -> int:
    """Mark them, in the caller's transaction; gives back how many. `made_at`: ISO 8601, when the backup was made."""
    found = database.execute(COLUMNS).fetchone()
    if not (found and found[0]):
        return 0
    channels = registry.connectors().values()
    given = {
        "at": at,
        "made": _moment(made_at) or at,
        "params": json.dumps({"made_at": _plain(made_at)}),
        "looked": [c.manifest.slug for c in channels if c.manifest.duplicate_safety != "none"],
        "by_hand": [c.manifest.slug for c in channels if c.manifest.mode == "hand_off"],
    }
    if "backup_at" in found[0]:  # an older version's backup has no such column yet
        database.execute(SINCE, given)
    if "series_id" in found[0]:
        database.execute(SERIES, given)
    database.execute(LATER, given)  # these keep their state and their hour: not counted as doubted
    return sum(database.execute(part, given).rowcount for part in (MARK, ASKED))


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _plain(moment: str) -> str:
    """To the minute, with its offset; as it stands when it is no moment."""
    try:
        return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M %Z").strip()
    except ValueError:
        return moment
