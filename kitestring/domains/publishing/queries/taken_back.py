"""Reads of what was taken back before its hour: what it was, and what stands in its place now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kitestring.domains.publishing.models import Delivery, DeliveryState, TakenBack
from kitestring.domains.publishing.models.series import STANDING
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.queries.series import coming, standing_series
from kitestring.domains.workspaces.models import Member

OVER: Final = (DeliveryState.CANCELLED, DeliveryState.WITHDRAWN)


@dataclass(frozen=True)
class Instead:
    """`same`: the one that has its hour on its account now. `next`: else when its post goes out there by itself next."""

    same: Delivery | None
    next: Delivery | None


def taken_back_for(member: Member, delivery_id: UUID) -> TakenBack | None:
    """What is left of a delivery that was taken back; None for any other, and outside the workspace."""
    found = TakenBack.objects.filter(account__workspace_id=member.workspace_id, pk=delivery_id)
    return found.select_related("series__brand", "post__brand", "account__brand").first()


def instead_of(member: Member, gone: TakenBack) -> Instead:
    """What the ledger has now."""
    there = visible_to(member).filter(subject_id=gone.post_id, account=gone.account)
    same = there.filter(due_at=gone.due_at).exclude(state__in=OVER).first()
    series = gone.series if gone.series.state in STANDING else standing_series(member, gone.post)
    ahead = coming(member, series).filter(subject_id=gone.post_id) if series else None
    return Instead(same, ahead.first() if ahead is not None else None)
