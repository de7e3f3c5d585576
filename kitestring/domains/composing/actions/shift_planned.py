"""Moves the planned hours of a campaign's posts by whole days: what is on the calendar and not yet scheduled."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from kitestring.domains.composing.models import Post
from kitestring.domains.workspaces.actions.record import record_many
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require

# Nine o'clock stays nine o'clock there, also across a change to or from summer time. An hour that has passed, or would
# have, stays as it is.
SHIFT: Final = """
WITH wanted AS (
    SELECT p.id, p.planned_for AS was,
        ((p.planned_for AT TIME ZONE b.timezone) + make_interval(days => %(days)s)) AT TIME ZONE b.timezone AS wish
    FROM composing_post p JOIN brands_brand b ON b.id = p.brand_id
    WHERE p.campaign_id = %(campaign)s AND b.workspace_id = %(workspace)s AND p.planned_for > ks_now()
      AND (%(only)s::timestamptz IS NULL OR p.saved_at = %(only)s) ORDER BY p.id FOR NO KEY UPDATE OF p
)
UPDATE composing_post p SET planned_for = w.wish, version = p.version + 1, saved_by_id = %(member)s, saved_tab = '',
    saved_at = %(at)s
FROM wanted w WHERE p.id = w.id AND w.wish > ks_now() RETURNING p.id, w.was, w.wish"""


@transaction.atomic
def shift_planned(
    member: Member, campaign_id: UUID, days: int, at: datetime, *, only: datetime | None = None
) -> int:
    """How many moved. `at`: the moment they are saved under; `only`: just those saved at that very moment (an undo)."""
    require(member, "post.write")
    given: dict[str, Any] = {
        "days": days, "campaign": campaign_id, "workspace": member.workspace_id, "only": only, "member": member.pk, "at": at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SHIFT, given)
        moved = cursor.fetchall()
    record_many(
        member,
        "post.save",
        Post,
        (
            (pk, {"planned_for": was.isoformat()}, {"planned_for": wish.isoformat()})
            for pk, was, wish in moved
        ),
    )
    return len(moved)
