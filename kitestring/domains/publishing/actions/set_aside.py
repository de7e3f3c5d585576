"""Takes out of the queue what is due but may not leave: held, handed off, or put before a person with the check that failed.

A sequence of which some is out is put before a person whatever the check.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.publishing.actions.claim_part import any_midway
from kitestring.domains.publishing.actions.leave_out import TAKES, leave_out
from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.models.judging import (
    DUE,
    HELD_BY_HAND,
    HELD_REASONS,
    JUDGED,
    UP,
    parameters,
)
from kitestring.kit.prepared import fetch

# What lies too near to another of its series `leave_out` takes, a moment before or after; the rest of it asks a person.
# The states stand in the text: planned once for any state, the index of what is open would not be used.
SET_ASIDE: Final = (
    JUDGED.replace("%(state)s", "'scheduled'")
    + f"""
UPDATE publishing_delivery d SET changed_at = ks_now(), reason = j.failing, reason_params = j.params, said = '',
    state = CASE WHEN j.failing = ANY(%(held)s::text[]) THEN 'held'
                 WHEN j.failing <> '' THEN 'needs_attention' ELSE 'handed_off' END
FROM judged j WHERE d.id = j.id AND d.state = 'scheduled' AND d.changed_at = j.changed_at
  AND (j.failing <> '' OR j.mode = 'hand_off')
  AND NOT (j.failing = 'too_close' AND {TAKES})
RETURNING d.id"""  # noqa: S608 - every word of it is ours
)

# In the middle of a sequence nothing waits for a cause to go by itself: some of it is out, so a person is asked at once,
# whatever its next part waits for, and though its hour was put off before the first proved to be live.
STOP: Final = (
    JUDGED.replace(
        f"d.state = %(state)s AND {DUE} AND {UP}", "d.state = 'partly_out' AND d.part_since IS NOT NULL"
    )
    + """
UPDATE publishing_delivery d SET changed_at = ks_now(), state = 'needs_attention', reason = j.failing,
    reason_params = j.params, said = '', not_before = NULL
FROM judged j WHERE d.id = j.id AND d.state = 'partly_out' AND d.changed_at = j.changed_at AND j.failing <> ''
RETURNING d.id"""
)

# Judged as if it were due now: what is held may come free before its hour. Where its own cause is gone and another holds it
# still, that one's is written: nobody is told of a switch that is lifted.
CAUSE_GONE: Final = """CASE d.reason
    WHEN 'workspace_paused' THEN w.paused_at IS NULL
    WHEN 'brand_paused' THEN b.paused_at IS NULL
    WHEN 'account_paused' THEN a.paused_at IS NULL
    WHEN 'series_paused' THEN EXISTS (
        SELECT 1 FROM publishing_series s WHERE s.id = d.series_id AND s.state <> 'paused')
    ELSE a.state <> 'expired' END"""
RELEASE: Final = (
    JUDGED.replace(f" AND {DUE}", "").replace("%(state)s", "'held'")
    + f"""
UPDATE publishing_delivery d SET changed_at = ks_now(), said = '',
    state = CASE WHEN j.failing = 'late' THEN 'needs_attention'
                 WHEN j.failing = ANY(%(held)s::text[]) THEN 'held' ELSE 'scheduled' END,
    reason = CASE WHEN j.failing = 'late' OR j.failing = ANY(%(held)s::text[]) THEN j.failing ELSE '' END,
    reason_params = '{{}}'
FROM judged j JOIN channels_account a ON a.id = j.account_id JOIN brands_brand b ON b.id = a.brand_id
    JOIN workspaces_workspace w ON w.id = a.workspace_id
WHERE d.id = j.id AND d.state = 'held' AND d.changed_at = j.changed_at
  AND (j.failing = 'late' OR NOT d.reason = ANY(%(by_hand)s::text[])
       AND (NOT j.failing = ANY(%(held)s::text[]) OR d.reason <> j.failing AND {CAUSE_GONE}))
RETURNING d.id, d.state"""  # noqa: S608 - every word of it is ours
)

# A pause or an ended grant hides lateness in the judgement; what is held past its tolerance is told all the same.
OVERDUE: Final = """
UPDATE publishing_delivery d SET state = 'needs_attention', changed_at = ks_now(),
    reason = CASE d.state WHEN 'handed_off' THEN 'hand_off_late' ELSE 'late' END, reason_params = '{}'
WHERE d.state = ANY(%(states)s::text[]) AND ks_now() - d.due_at > make_interval(secs => d.tolerance)
RETURNING d.id"""


def set_aside() -> list[UUID]:
    """Move every due delivery that may not leave, whatever the check; gives back their ids."""
    left = leave_out()
    with transaction.atomic():
        moved = [pk for (pk,) in fetch(SET_ASIDE, {**parameters(), "held": list(HELD_REASONS)})]
        if any_midway():
            moved += [pk for (pk,) in fetch(STOP, parameters())]
        problems_changed(moved)
    return [*left, *moved]


def release_held() -> list[UUID]:
    """Let go what was held for a cause that is gone; put before a person what became late meanwhile."""
    left = leave_out()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OVERDUE, {"states": ["held", "handed_off"]})
        late = [row[0] for row in cursor.fetchall()]
        given = {**parameters(), "held": list(HELD_REASONS), "by_hand": list(HELD_BY_HAND)}
        moved = [pk for pk, _state in fetch(RELEASE, given)]
        problems_changed([*late, *moved])
    return [*left, *late, *moved]
