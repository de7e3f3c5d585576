"""Reads of approvals; each starts from the member or the post it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Q, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.queries import others_who
from kitestring.domains.workspaces.rules.people import people

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
    """What is asked and this member may answer, oldest first: their own question is for somebody else, if there is one."""
    waiting = approvals_visible_to(member, brand).filter(state=ApprovalState.ASKED)
    others = others_who(member, "approval.give").select_related(None).order_by()
    return waiting.exclude(Q(asked_by=member) & Exists(others)).order_by("asked_at", "id")


def who_else_approves(member: Member, approval: Approval) -> str:
    """The names of those who answer this in the member's place, because the member asked; "" when the member may."""
    if approval.asked_by_id != member.pk:
        return ""
    return people(list(others_who(member, "approval.give").values_list("name", flat=True)))


def latest_approval(post: Post) -> Approval | None:
    """The newest approval of any revision of the post, with who asked and who decided."""
    return (
        Approval.objects.filter(revision__post=post)
        .select_related("revision", "asked_by", "decided_by", "voided_by")
        .order_by("-asked_at", "-id")
        .first()
    )


def is_stale(approval: Approval, post: Post) -> bool:
    """Whether it answers nothing any more: the post was edited since, even if the same words stand there again."""
    return approval.state == ApprovalState.VOIDED or approval.revision.digest != post.digest


def open_approvals_of(post: Post) -> QuerySet[Approval]:
    return Approval.objects.filter(revision__post=post, state__in=OPEN).select_related("revision")


def stale_posts(most: int = 100) -> list[UUID]:
    """Posts that changed since somebody was asked or said yes, for the worker: an emptied queue lost the news of it.

    Only open approvals are looked at, which have an index of their own.
    """
    stale = Approval.objects.filter(state__in=OPEN).exclude(revision__digest=F("revision__post__digest"))
    return list(dict.fromkeys(stale.values_list("revision__post_id", flat=True)[:most]))


def held_post(post_id: UUID) -> Post | None:
    """The post, locked, with who saved it last; None when it is gone."""
    found = Post.objects.select_for_update(of=("self",)).select_related("brand__workspace", "saved_by")
    return found.filter(pk=post_id).first()


def is_approved(post: Post) -> bool:
    """Whether the post as it stands now is approved: the approved revision has its present digest."""
    return Approval.objects.filter(
        revision__post=post, revision__digest=post.digest, state=ApprovalState.APPROVED
    ).exists()


def answered_before(approvals: Sequence[Approval]) -> dict[UUID, Approval]:
    """For each of these, the newest earlier one of the same post that got an answer (its yes may be void now)."""
    posts = {approval.revision.post_id for approval in approvals}
    answered = (
        Approval.objects.filter(revision__post__in=posts, decided_at__isnull=False)
        .select_related("revision__post__saved_by", "decided_by", "voided_by")
        .order_by("asked_at", "id")
    )
    found: dict[UUID, Approval] = {}
    for one in answered if posts else ():
        for later in approvals:
            if later.revision.post_id == one.revision.post_id and one.asked_at < later.asked_at:
                found[later.pk] = one
    return found


def contents_of(approvals: Sequence[Approval]) -> dict[UUID, dict[str, Any]]:
    """What each of these asks for, as it was frozen."""
    rows = Approval.objects.filter(pk__in=[a.pk for a in approvals])
    return dict(rows.values_list("pk", "revision__content"))
