"""Going through all that was not sent because its hour had passed: which comes before and after the one in hand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.pauses import OVERDUE, still_asked
from kitestring.domains.workspaces.models import Member

MOST = 500


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
    ids = [one.pk for one in still_asked(member, MOST)]
    if delivery.pk not in ids:
        return Looking(0, len(ids), None, ids[0] if ids else None)
    place = ids.index(delivery.pk)
    before = ids[place - 1] if place else None
    return Looking(place + 1, len(ids), before, ids[place + 1] if place + 1 < len(ids) else None)
