"""What a list needs to say of each delivery whether it waits for approval: one condition in the same query."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.seen import seen
from kitestring.domains.reviewing.models import Approval, ApprovalState

HAS_YES: Final = Exists(
    Approval.objects.filter(revision_id=OuterRef("revision_id"), state=ApprovalState.APPROVED)
)


def seen_state(delivery: Delivery, brand_asks: bool) -> str:
    """The state a person sees. The delivery comes from a query that annotates `approved` with HAS_YES."""
    approved = bool(getattr(delivery, "approved", False))
    lacks = brand_asks and delivery.needs_approval and not approved
    return seen(delivery.state, lacks_approval=lacks, in_doubt=delivery.doubt_since is not None)
