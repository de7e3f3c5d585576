"""Publishing finished by a person: take it, prove it with its address, or give it back."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.proof import proof
from kitestring.domains.publishing.actions.settle_by_person import publish_by_word
from kitestring.domains.publishing.actions.write_word import write_word
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now

OUT = (DeliveryState.HANDED_OFF,)


def take(member: Member, delivery: Delivery) -> Delivery:
    """Say that it is on this member's phone, so that nobody else publishes it too."""
    require(member, "delivery.settle")
    return change(member, delivery, OUT, "delivery.take", carried_by=member)


@transaction.atomic
def prove(member: Member, delivery: Delivery, url: str) -> Delivery:
    """Done, and here is where. Raises Refusal beside the field when the address does not lie on the channel."""
    require(member, "delivery.settle")
    sources = (DeliveryState.HANDED_OFF, DeliveryState.NEEDS_ATTENTION)
    return publish_by_word(member, delivery, sources, "delivery.prove", proof(delivery, url))


@transaction.atomic
def take_on_phone(member: Member, delivery: Delivery) -> Delivery:
    """`take`, by who opened the member's link on a phone: the record says that it was so."""
    delivery = take(member, delivery)
    record(member, "delivery.phone", delivery)
    return delivery


@transaction.atomic
def prove_on_phone(member: Member, delivery: Delivery, url: str) -> Delivery:
    """`prove`, by who opened the member's link on a phone: the record says that it was so."""
    delivery = prove(member, delivery, url)
    record(member, "delivery.phone", delivery)
    return delivery


@transaction.atomic
def take_back(member: Member, delivery: Delivery) -> Delivery:
    """Not published by hand after all: back to the calendar, held until somebody gives it another hour."""
    require(member, "delivery.settle")
    back = change(
        member, delivery, OUT, "delivery.take_back", state=DeliveryState.SCHEDULED, **CLEAN, carried_by=None
    )
    write_word(member, back, "scheduled", "taken_back")
    return change(
        member,
        back,
        (DeliveryState.SCHEDULED,),
        "delivery.hold",
        state=DeliveryState.HELD,
        **{**CLEAN, "reason": "held_by_person"},
        tolerance=max(back.tolerance, int((now() - back.due_at).total_seconds()) + 86_400),
    )
