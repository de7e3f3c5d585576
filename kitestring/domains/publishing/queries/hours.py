"""When posts go out next: one question for a page of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Min

from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.workspaces.models import Member

WAITING: Final = (DeliveryState.SCHEDULED, DeliveryState.HELD)


class Hour(NamedTuple):
    """The soonest hour a post is owed at, and on how many accounts it still has to go out."""

    at: datetime
    accounts: int


def next_hours(member: Member, posts: Iterable[UUID]) -> dict[UUID, Hour]:
    """By post; a post that nothing is scheduled for is not in it."""
    rows = Delivery.objects.filter(
        account__workspace_id=member.workspace_id,
        kind=DeliveryKind.VARIANT,
        revision__post_id__in=list(posts),
        state__in=WAITING,
    )
    found = rows.values_list("revision__post_id").annotate(
        at=Min("due_at"), n=Count("account", distinct=True)
    )
    return {post: Hour(at, n) for post, at, n in found if post is not None}
