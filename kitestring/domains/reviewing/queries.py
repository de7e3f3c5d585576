"""Reads of approvals; each starts from the member or the post it concerns."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.workspaces.models import Member

OPEN = (ApprovalState.ASKED, ApprovalState.APPROVED)


def approvals_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Approval]:
    found = Approval.objects.filter(revision__post__brand__workspace_id=member.workspace_id)
    if brand is not None:
        found = found.filter(revision__post__brand=brand)
    return found.select_related("revision__post__brand", "asked_by", "decided_by")


def approval_for(member: Member, approval_id: UUID, *, lock: bool = False) -> Approval:
    """One approval. Raises Approval.DoesNotExist outside the workspace."""
    if lock:
        Approval.objects.select_for_update().get(
            revision__post__brand__workspace_id=member.workspace_id, pk=approval_id
        )
    return approvals_visible_to(member).get(pk=approval_id)


def waiting_for_approval(member: Member, brand: Brand | None = None) -> QuerySet[Approval]:
    """What is asked and not yet answered, oldest first."""
    return approvals_visible_to(member, brand).filter(state=ApprovalState.ASKED).order_by("asked_at")


def latest_approval(post: Post) -> Approval | None:
    """The newest approval of any revision of the post, with who asked and who decided."""
    return (
        Approval.objects.filter(revision__post=post)
        .select_related("revision", "asked_by", "decided_by", "voided_by")
        .order_by("-asked_at")
        .first()
    )


def open_approvals_of(post: Post) -> QuerySet[Approval]:
    return Approval.objects.filter(revision__post=post, state__in=OPEN).select_related("revision")


def is_approved(post: Post) -> bool:
    """Whether the post as it stands now is approved: the approved revision has its present digest."""
    return Approval.objects.filter(
        revision__post=post, revision__digest=post.digest, state=ApprovalState.APPROVED
    ).exists()


def last_approved(post: Post, than: Approval) -> Approval | None:
    """The newest approval before `than` that once got a yes (it may be void now)."""
    return (
        Approval.objects.filter(revision__post=post, decided_at__isnull=False, asked_at__lt=than.asked_at)
        .exclude(state=ApprovalState.DECLINED)
        .select_related("revision", "decided_by")
        .order_by("-asked_at")
        .first()
    )
