"""Moves everything of a campaign that still waits by whole days, at once: the launch slips, and each post keeps its hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from kitestring.domains.composing.actions.shift_planned import shift_planned
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.actions.refuse_full import refuse_overfull
from kitestring.domains.publishing.actions.tell import wake_soon
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.workspaces.actions.record import record_many
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

MOST_DAYS: Final = 366

# Nine o'clock stays nine o'clock on the brand's clock, also across a change to or from summer time. What is being sent
# or was due already is not touched, and neither is what would have its hour in the past. What recurs
# keeps to its rule.
SHIFT: Final = """
WITH wanted AS (
    SELECT d.id, d.account_id, d.due_at AS was,
        ((d.due_at AT TIME ZONE b.timezone) + make_interval(days => %(days)s)) AT TIME ZONE b.timezone AS due
    FROM publishing_delivery d
    JOIN channels_account a ON a.id = d.account_id JOIN brands_brand b ON b.id = a.brand_id
    WHERE d.kind = 'variant' AND d.state IN ('scheduled', 'held') AND d.due_at > ks_now() AND d.series_id IS NULL
      AND a.workspace_id = %(workspace)s
      AND d.subject_id IN (SELECT p.id FROM composing_post p WHERE p.campaign_id = %(campaign)s)
      AND (%(only)s::timestamptz IS NULL OR d.changed_at = %(only)s)
    ORDER BY d.id FOR NO KEY UPDATE OF d
),
moved AS (
    UPDATE publishing_delivery d SET due_at = w.due, changed_at = %(at)s, not_before = NULL
    FROM wanted w WHERE d.id = w.id AND w.due > ks_now() RETURNING d.id, w.account_id, w.was, w.due
)
SELECT m.id, m.account_id, m.was, m.due, (SELECT count(*) FROM wanted)::int FROM moved m"""


@dataclass(frozen=True)
class Shifted:
    """How many deliveries and planned posts moved, how many deliveries stayed because their new hour would have passed.

    `at`: the moment that marks them, by which they are found again for the way back.
    """

    deliveries: int
    planned: int
    stayed: int
    at: datetime

    @property
    def moved(self) -> int:
        return self.deliveries + self.planned


@transaction.atomic
def shift_campaign(member: Member, campaign: Campaign, days: int, *, only: datetime | None = None) -> Shifted:
    """`days` later, or earlier where it is negative. `only`: just what was marked by that moment (an undo).

    Raises Refusal for no days or too many, where nothing waits, and for a day on which an account would have no place
    left; then nothing has moved.
    """
    require(member, "delivery.schedule")
    if not 0 < abs(days) <= MOST_DAYS:
        raise Refusal(
            _("Choose between 1 and %(n)s days. Nothing was moved.") % {"n": MOST_DAYS}, field="days"
        )
    at = now()
    given: dict[str, Any] = {
        "days": days,
        "campaign": campaign.pk,
        "workspace": member.workspace_id,
        "only": only,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(SHIFT, given)
        moved = cursor.fetchall()
    _recorded(member, moved)
    planned = shift_planned(member, campaign.pk, days, at, only=only)
    shifted = Shifted(len(moved), planned, moved[0][4] - len(moved) if moved else 0, at)
    if not shifted.moved:
        raise Refusal(
            _("No post of this campaign waits for an hour that could move. Nothing was changed."),
            field="days",
        )
    if moved:
        refuse_overfull(_by_account(moved))
        wake_soon(row[3] for row in moved)
    return shifted


def _by_account(moved: Sequence[tuple[Any, ...]]) -> dict[UUID, dict[UUID, datetime]]:
    found: dict[UUID, dict[UUID, datetime]] = {}
    for pk, account, _was, due, _wanted in moved:
        found.setdefault(account, {})[pk] = due
    return found


def _recorded(member: Member, moved: Sequence[tuple[Any, ...]]) -> None:
    record_many(
        member,
        "delivery.move",
        Delivery,
        (
            (pk, {"due_at": was.isoformat()}, {"due_at": due.isoformat()})
            for pk, _account, was, due, _wanted in moved
        ),
    )
