"""What the calendar draws: one light row a delivery or planned post, in one query each, however long the texts are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Left

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import posts_visible_to
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.kit.kept import Kept
from kitestring.kit.rows import rows

FIRST_WORDS: Final = 80


class Chip(NamedTuple):
    """A delivery as the calendar needs it. `due` is in seconds since 1970, exact to the microsecond; `title` or `words`
    may be ""; `approved`: its revision has a valid yes. `part` of `parts` of a sequence are live. `comes_round`: it is one
    time of a recurring post, or taken from the evergreen stock.
    """

    id: UUID
    account_id: UUID
    due: float
    state: str
    reason: str
    title: str
    words: str
    in_doubt: bool
    approved: bool
    needs_approval: bool
    carried_by: str
    post_id: UUID | None = None
    part: int = 0
    parts: int = 0
    comes_round: bool = False


class Plan(NamedTuple):
    """A post that is wished for an hour and not scheduled yet."""

    id: UUID
    planned_for: datetime
    title: str
    words: str
    version: int


CHIPS: Final = """
SELECT d.id, d.account_id, extract(epoch FROM d.due_at)::float8, d.state, d.reason,
left(coalesce(d.payload ->> 'title', ''), %(words)s), left(coalesce(d.payload ->> 'text', ''), %(words)s),
d.doubt_since IS NOT NULL,
EXISTS (SELECT 1 FROM reviewing_approval y WHERE y.revision_id = d.revision_id AND y.state = 'approved'),
d.needs_approval, coalesce(m.name, ''), r.post_id, d.part,
CASE WHEN d.part > 0 THEN coalesce(jsonb_array_length(d.payload -> 'parts'), 0) ELSE 0 END, d.series_id IS NOT NULL
FROM publishing_delivery d JOIN channels_account a ON a.id = d.account_id
LEFT JOIN composing_revision r ON r.id = d.revision_id LEFT JOIN workspaces_member m ON m.id = d.carried_by_id
WHERE a.workspace_id = %(workspace)s AND a.brand_id = %(brand)s AND d.kind = 'variant' AND d.state <> 'cancelled'
AND d.due_at >= %(start)s AND d.due_at < %(end)s
"""
OF_ACCOUNTS: Final = "AND d.account_id = ANY(%(accounts)s) "
BY_HOUR: Final = "ORDER BY d.due_at, d.id"


def chips_between(
    member: Member, brand: Brand, start: datetime, end: datetime, accounts: Sequence[UUID] = ()
) -> list[Chip]:
    """The brand's posts due in [start, end), in order; cancelled ones left out."""
    found = rows(
        CHIPS + (OF_ACCOUNTS if accounts else "") + BY_HOUR,
        workspace=member.workspace_id,
        brand=brand.pk,
        start=start,
        end=end,
        accounts=list(accounts),
        words=FIRST_WORDS,
    )
    return [Chip._make(row) for row in found]


def plans_between(member: Member, brand: Brand, start: datetime, end: datetime) -> list[Plan]:
    """Posts wished for an hour in [start, end) that nothing is scheduled for."""
    found = _PLANS((), member.workspace_id, brand.pk, start, end)
    return [
        Plan(one.pk, one.planned_for, one.title, getattr(one, "words", ""), one.version)
        for one in found
        if one.planned_for
    ]


def posts_without_duty(member: Member, brand: Brand) -> QuerySet[Post]:
    """Posts of the brand with no delivery that still stands."""
    duty = Delivery.objects.filter(revision__post_id=OuterRef("pk")).exclude(state=DeliveryState.CANCELLED)
    return posts_visible_to(member, brand).filter(~Exists(duty))


def _plans(workspace: UUID, brand: UUID, start: datetime, end: datetime) -> QuerySet[Post]:
    found = posts_without_duty(Member(workspace_id=workspace), Brand(pk=brand))
    found = found.filter(planned_for__gte=start, planned_for__lt=end).annotate(
        words=Left("text", FIRST_WORDS)
    )
    short = found.select_related(None).prefetch_related(None).only("planned_for", "title", "version")
    return short.order_by("planned_for", "id")


_PLANS: Final = Kept(_plans)
