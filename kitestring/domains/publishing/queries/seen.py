"""What a list needs to say of each delivery whether it waits for approval: one condition in the same query."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef

from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.rules.seen import leaves_now, seen
from kitestring.domains.publishing.rules.sequence import left_in_doubt
from kitestring.domains.publishing.rules.stops import is_stopped
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
    if not leaves_now(state, delivery.due_at, now(), delivery.not_before):
        return state
    return "held" if is_stopped(delivery.account) else "sending"


def on_its_way(delivery: Delivery) -> bool:
    """It leaves this very moment, or the channel has it and has not answered: news of it comes within seconds.

    What a pause or an ended grant keeps does not leave, though no worker has written that down yet.
    """
    if delivery.state in (DeliveryState.SENDING, DeliveryState.PROCESSING):
        return True
    leaves = leaves_now(delivery.state, delivery.due_at, now(), delivery.not_before)
    return leaves and not is_stopped(delivery.account)


def kept_back(delivery: Delivery) -> bool:
    """Its hour has come, and what will hold it once a worker takes it up is known already."""
    leaves = leaves_now(delivery.state, delivery.due_at, now(), delivery.not_before)
    return leaves and is_stopped(delivery.account)


def chip_of(delivery: Delivery) -> str:
    """The state of one delivery on a page of its own post: the one a worker gives it this moment is told already."""
    if left_in_doubt(delivery):
        return "unknown"
    return "sending" if on_its_way(delivery) else "held" if kept_back(delivery) else delivery.state
