"""Every ten seconds: whatever is due and not settled is published or reported, however old, whatever the queue forgot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from kitestring.domains.publishing.actions.adopt_revision import adopt_stale
from kitestring.domains.publishing.actions.claim_open import recall
from kitestring.domains.publishing.actions.make_ahead import make_due
from kitestring.domains.publishing.actions.set_aside import release_held, set_aside
from kitestring.domains.publishing.actions.steady import begin_anew, steady
from kitestring.domains.publishing.actions.take_down import find_withdrawals
from kitestring.domains.publishing.actions.tell import AHEAD, SOON, problems_changed, slot_name, wake_slots
from kitestring.domains.publishing.actions.uploads import forget_over
from kitestring.kit.jobs import waiting_names, wake

# A lease that ran out: its worker is gone or stuck. Whether the call left is not known, so it is doubted from the
# moment on at which it can no longer leave; but never from before the sweep that should have seen it: after a clock that
# jumped, or a machine that slept, an old moment would count as a settle time that nobody waited for.
LEASES: Final = """
WITH lost AS (
    UPDATE publishing_delivery d SET state = 'unknown', owner = NULL, lease_until = NULL,
        processing_until = NULL,
        doubt_since = CASE WHEN d.lease_until > ks_now() - interval '12 seconds' THEN d.lease_until ELSE ks_now() END,
        unclear = d.unclear + 1, not_before = NULL, changed_at = ks_now(), reason = 'lease_ran_out',
        reason_params = '{}', said = ''
    WHERE (d.state = 'sending' OR d.state = 'processing' AND NOT d.handed_over) AND d.lease_until < ks_now()
    RETURNING d.id, d.account_id
),
ended AS (
    UPDATE publishing_attempt t SET outcome = 'unknown', reason = 'lease_ran_out'
    FROM lost WHERE t.delivery_id = lost.id AND t.ended_at IS NULL AND t.outcome = ''
)
SELECT id FROM lost"""

# Each due second of the next minute that no slot job waits for: the job table was emptied, or thousands moved at once.
UNWOKEN: Final = """
SELECT DISTINCT date_trunc('second', d.due_at) AS due FROM publishing_delivery d
WHERE d.state = 'scheduled' AND d.due_at > ks_now() + make_interval(secs => %(soon)s)
  AND d.due_at <= ks_now() + make_interval(secs => %(ahead)s)"""

OPEN: Final = """
SELECT (SELECT count(*) FROM publishing_delivery
        WHERE state = 'scheduled' AND due_at <= ks_now() AND (not_before IS NULL OR not_before <= ks_now()))
       + (SELECT count(*) FROM publishing_delivery
        WHERE state = 'partly_out' AND part_since IS NOT NULL AND (not_before IS NULL OR not_before <= ks_now())),
       (SELECT count(*) FROM publishing_delivery
        WHERE state IN ('unknown', 'processing') AND (not_before IS NULL OR not_before <= ks_now())
          AND (lease_until IS NULL OR lease_until < ks_now()))"""


@dataclass(frozen=True)
class Swept:
    """What one sweep found: leases that ran out, rows moved aside or released, due rows, rows to ask about, to take down."""

    lost: int
    moved: int
    due: int
    to_ask: int
    to_withdraw: int


def sweep() -> Swept:
    """Find and wake; sends nothing itself. Safe to run at any time, any number at once."""
    steady()
    lost = _lost_leases()
    make_due()
    moved = len(release_held()) + adopt_stale() + len(recall()) + len(set_aside())
    forget_over()
    with connection.cursor() as cursor:
        cursor.execute(OPEN)
        due, to_ask = cursor.fetchone()
    wake_slots(_unwoken())
    if due:
        wake("publishing.drain", "drain")
    if to_ask:
        wake("publishing.follow", "follow")
    return Swept(lost, moved, due, to_ask, len(find_withdrawals()))


def _unwoken() -> list[datetime]:
    with connection.cursor() as cursor:
        cursor.execute(UNWOKEN, {"soon": SOON.total_seconds(), "ahead": AHEAD.total_seconds()})
        found = cursor.fetchall()
    waiting = waiting_names(slot_name(due) for (due,) in found)
    return [due for (due,) in found if slot_name(due) not in waiting]


def _lost_leases() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LEASES)
        lost = [row[0] for row in cursor.fetchall()]
        problems_changed(lost)
        jumped = bool(lost) and not steady()
        # Set forward after we looked and before the leases were compared: none of them has run out.
        transaction.set_rollback(jumped)
    if jumped:
        begin_anew()
        return 0
    return len(lost)
