"""Going through all that was not sent because its hour had passed: which comes before and after the one in hand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.pauses import OVERDUE, all_still_asked
from kitestring.domains.workspaces.models import Member


@dataclass(frozen=True)
class Looking:
    """`place` of `total` still to be looked at; 0: the one in hand is decided. `before`, `after`: its neighbours."""

    place: int
    total: int
    before: UUID | None
    after: UUID | None


def is_asked(delivery: Delivery) -> bool:
    """Whether it is one of those that wait to be looked at."""
    asked = delivery.state == DeliveryState.NEEDS_ATTENTION and delivery.reason in OVERDUE
    return asked and delivery.doubt_since is None


def looking(member: Member, delivery: Delivery) -> Looking:
    """Where this one stands among them."""
    asked = all_still_asked(member)
    if not is_asked(delivery):
        first = asked.values_list("pk", flat=True).first()
        return Looking(0, asked.count(), None, first)
    due, pk = delivery.due_at, delivery.pk
    earlier = asked.filter(Q(due_at__lt=due) | Q(due_at=due, pk__lt=pk))
    later = asked.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=pk))
    before = earlier.reverse().values_list("pk", flat=True).first()
    after = later.values_list("pk", flat=True).first()
    return Looking(earlier.count() + 1, asked.count(), before, after)
