"""Cancels what has not been sent: the row stays, with who and why; it will never go out."""

from __future__ import annotations

from django.db import transaction

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.in_turn import in_turn
from kitestring.domains.publishing.actions.midway import refuse_midway
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require

FROM = (DeliveryState.SCHEDULED, DeliveryState.HELD)


@transaction.atomic
def cancel(member: Member, delivery: Delivery) -> Delivery:
    """Raises Conflict when it is too late: it is being sent, or was, or parts of it are out."""
    require(member, "delivery.schedule")
    in_turn(delivery)
    refuse_midway(delivery)
    why = CLEAN
    if delivery.series_id:
        # One time of a series is skipped: its hour stays taken, so that the series does not make it again. What held it
        # before is kept for `put_back`.
        held = delivery.reason if delivery.state == DeliveryState.HELD else ""
        why = CLEAN | {"reason": "skipped", "reason_params": {"held": held} if held else {}}
    return change(member, delivery, FROM, "delivery.cancel", state=DeliveryState.CANCELLED, **why)
