"""Reads of the approval a delivery was bound to."""

from __future__ import annotations

from uuid import UUID

from kitestring.domains.reviewing.models import Approval, ApprovalState


def approval_of_revision(revision_id: UUID) -> Approval | None:
    """The newest yes a revision was given, valid or voided since."""
    given = (ApprovalState.APPROVED, ApprovalState.VOIDED)
    found = Approval.objects.filter(revision_id=revision_id, state__in=given, decided_at__isnull=False)
    return found.select_related("decided_by", "revision").order_by("-decided_at", "-id").first()
