"""What a list needs to say of each delivery whether it waits for approval: one condition in the same query."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef

from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.rules.seen import leaves_now, seen
from kitestring.domains.publishing.rules.sequence import left_in_doubt
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.kit.clock import now

HAS_YES: Final = Exists(
    Approval.objects.filter(revision_id=OuterRef("revision_id"), state=ApprovalState.APPROVED)
)


def seen_state(delivery: Delivery, brand_asks: bool) -> str:
    """The state a person sees. The delivery comes from a query that annotates `approved` with HAS_YES."""
    if left_in_doubt(delivery):
        return "unknown"  # of one part nobody knows, whatever else is out
    approved = bool(getattr(delivery, "approved", False))
    lacks = brand_asks and delivery.needs_approval and not approved
    state = seen(
        delivery.state,
        lacks_approval=lacks,
        in_doubt=delivery.doubt_since is not None,
    )
    return "sending" if leaves_now(state, delivery.due_at, now(), delivery.not_before) else state


def on_its_way(delivery: Delivery) -> bool:
    """It leaves this very moment, or the channel has it and has not answered: news of it comes within seconds."""
    moving = delivery.state in (DeliveryState.SENDING, DeliveryState.PROCESSING)
    return moving or leaves_now(delivery.state, delivery.due_at, now(), delivery.not_before)
