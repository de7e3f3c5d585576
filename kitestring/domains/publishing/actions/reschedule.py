"""Moves a delivery to another hour: the calendar's drag, the move dialog, the API."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.in_turn import in_turn
from kitestring.domains.publishing.actions.refuse_close import refuse_close
from kitestring.domains.publishing.actions.refuse_full import refuse_full
from kitestring.domains.publishing.actions.refuse_wait import refuse_wait
from kitestring.domains.publishing.actions.schedule import refuse_past
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import together_with
from kitestring.domains.publishing.queries.quotas import hold_places
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require

# What was put aside with nothing sent may be moved like what still waits. Unclear outcomes may not.
MOVABLE = (DeliveryState.SCHEDULED, DeliveryState.HELD)
SET_ASIDE = frozenset(
    {
        "late",
        "told_to_wait",
        "missed_last",
        "too_close",
        "paused_over",
        "quota_used",
        "not_approved",
        "not_permitted",
        "account_disconnected",
        "brand_archived",
    }
)


def movable(delivery: Delivery) -> bool:
    """Whether `reschedule` would move it as it stands now."""
    if delivery.state in MOVABLE:
        return True
    if delivery.state == DeliveryState.NEEDS_ATTENTION and not delivery.part:
        return delivery.reason in SET_ASIDE and delivery.doubt_since is None
    return False


def moved_together(member: Member, delivery: Delivery) -> list[Delivery]:
    """What moves as one: this delivery and its post's others that stand the same way at the same hour, all movable."""
    return [one for one in together_with(member, delivery) if movable(one)]


@transaction.atomic
def reschedule(member: Member, delivery: Delivery, due_at: datetime) -> Delivery:
    """Same row, same key, new hour.

    Raises Refusal for a past hour or one without a place in the quota, Conflict when it was sent or is being sent.
    """
    require(member, "delivery.schedule")
    refuse_past(due_at)
    in_turn(delivery)
    if movable(delivery):
        refuse_full(delivery.account, delivery.publish_kind, due_at, delivery)
        refuse_close(delivery, due_at)
        refuse_wait(delivery, due_at)
    sources = (
        (DeliveryState.NEEDS_ATTENTION,)
        if movable(delivery) and delivery.state == DeliveryState.NEEDS_ATTENTION
        else MOVABLE
    )
    by_hand = delivery.state == DeliveryState.HELD and delivery.reason == "held_by_person"
    changes = {"due_at": due_at} if by_hand else {"due_at": due_at, "state": DeliveryState.SCHEDULED, **CLEAN}
    moved = change(member, delivery, sources, "delivery.move", **changes)
    wake_slots([due_at])
    return moved


@transaction.atomic
def reschedule_together(member: Member, deliveries: Iterable[Delivery], due_at: datetime) -> list[Delivery]:
    """Several accounts of one post to one new hour: all of them, or none when one cannot be moved. Raises as `reschedule`."""
    found = list(deliveries)
    in_turn(*found)
    hold_places(delivery.account_id for delivery in found)
    return [reschedule(member, delivery, due_at) for delivery in found]
