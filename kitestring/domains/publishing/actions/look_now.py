"""Has an unknown delivery looked up this moment instead of at its next hour."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.publishing.actions.change import change
from kitestring.domains.publishing.actions.tell import wake_asking
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require


@transaction.atomic
def look_now(member: Member, delivery: Delivery) -> Delivery:
    """A look before the settle time is over may find it; it can never send it again."""
    require(member, "delivery.settle")
    asked = change(member, delivery, (DeliveryState.UNKNOWN,), "delivery.look", not_before=None)
    wake_asking([0.0])
    return asked
