"""Holds one delivery by hand, and lets it go again."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.in_turn import in_turn
from kitestring.domains.publishing.actions.look_again import look_again
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require


@transaction.atomic
def hold(member: Member, delivery: Delivery) -> Delivery:
    """It stays where it is until `release`. Raises Conflict when it is too late."""
    require(member, "delivery.schedule")
    in_turn(delivery)
    aside = {**CLEAN, "reason": "held_by_person"}
    return change(
        member, delivery, (DeliveryState.SCHEDULED,), "delivery.hold", state=DeliveryState.HELD, **aside
    )


@transaction.atomic
def release(member: Member, delivery: Delivery) -> Delivery:
    """It waits for its hour again; what holds it for another cause holds it again at once."""
    require(member, "delivery.schedule")
    in_turn(delivery)
    look_again(delivery)
    free = change(
        member,
        delivery,
        (DeliveryState.HELD,),
        "delivery.release",
        state=DeliveryState.SCHEDULED,
        **CLEAN,
    )
    wake_slots([free.due_at])
    return free
