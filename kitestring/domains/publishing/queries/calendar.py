"""What the calendar draws: one light row a delivery or planned post, in one query each, however long the texts are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import posts_visible_to
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.queries.seen import HAS_YES
from kitestring.domains.workspaces.models import Member

FIRST_WORDS = 80


class Chip(NamedTuple):
    """A delivery as the calendar needs it. `title` or `words` may be ""; `approved`: its revision has a valid yes."""

    id: UUID
    account_id: UUID
    publish_kind: str
    due_at: datetime
    published_at: datetime | None
    state: str
    reason: str
    title: str
    words: str
    in_doubt: datetime | None
    approved: bool
    needs_approval: bool
    carried_by: str
    post_id: UUID | None = None


class Plan(NamedTuple):
    """A post that is wished for an hour and not scheduled yet."""

    id: UUID
    planned_for: datetime
    title: str
    words: str
    version: int


COLUMNS: Final = (
    *("id", "account_id", "publish_kind", "due_at", "published_at", "state", "reason"),
    *("title", "words", "doubt_since", "approved", "needs_approval", "who", "revision__post_id"),
)


def chips_between(
    member: Member, brand: Brand, start: datetime, end: datetime, accounts: Sequence[UUID] = ()
) -> list[Chip]:
    """The brand's posts due in [start, end), in order; cancelled ones left out."""
    rows = Delivery.objects.filter(
        account__workspace_id=member.workspace_id,
        account__brand=brand,
        kind=DeliveryKind.VARIANT,
        due_at__gte=start,
        due_at__lt=end,
    ).exclude(state=DeliveryState.CANCELLED)
    if accounts:
        rows = rows.filter(account_id__in=accounts)
    return _chips(rows)


def _chips(rows: QuerySet[Delivery]) -> list[Chip]:
    found = rows.annotate(
        title=Left(KeyTextTransform("title", "payload"), FIRST_WORDS),
        words=Left(KeyTextTransform("text", "payload"), FIRST_WORDS),
        approved=HAS_YES,
        who=F("carried_by__name"),
    ).order_by("due_at", "id")
    names = (
        "id",
        "account_id",
        "publish_kind",
        "due_at",
        "published_at",
        "state",
        "reason",
        "title",
        "words",
    )
    more = ("doubt_since", "approved", "needs_approval", "who", "revision__post_id")
    return [
        Chip(
            pk,
            account,
            kind,
            due,
            live,
            state,
            reason,
            title or "",
            words or "",
            doubt,
            yes_,
            asks,
            who or "",
            post,
        )
        for pk, account, kind, due, live, state, reason, title, words, doubt, yes_, asks, who, post in (
            found.values_list(*names, *more)
        )
    ]


def plans_between(member: Member, brand: Brand, start: datetime, end: datetime) -> list[Plan]:
    """Posts wished for an hour in [start, end) that nothing is scheduled for."""
    rows = posts_without_duty(member, brand).filter(planned_for__gte=start, planned_for__lt=end)
    found = rows.annotate(words=Left("text", FIRST_WORDS)).order_by("planned_for", "id")
    rows_ = found.values_list("id", "planned_for", "title", "words", "version")
    return [Plan(pk, hour, title, words, version) for pk, hour, title, words, version in rows_ if hour]


def posts_without_duty(member: Member, brand: Brand) -> QuerySet[Post]:
    """Posts of the brand with no delivery that still stands."""
    duty = Delivery.objects.filter(revision__post_id=OuterRef("pk")).exclude(state=DeliveryState.CANCELLED)
    return posts_visible_to(member, brand).filter(~Exists(duty))
