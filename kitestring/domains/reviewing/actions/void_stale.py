"""Voids approvals whose revision is no longer what the post says."""

from __future__ import annotations

from kitestring.domains.composing.models import Post
from kitestring.domains.reviewing.events import ApprovalVoided
from kitestring.domains.reviewing.models import GRAPH, Approval, ApprovalState
from kitestring.domains.reviewing.queries import open_approvals_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.events import announce


def void_stale(post: Post, by: Member | None) -> list[Approval]:
    """Void them, visibly, naming who edited (None: nobody is known). Call inside a transaction with the post locked or
    just read.
    """
    voided = []
    for approval in open_approvals_of(post).exclude(revision__digest=post.digest):
        before = approval.state
        GRAPH.check(before, ApprovalState.VOIDED)
        approval.state = ApprovalState.VOIDED
        approval.voided_at = now()
        approval.voided_by = by
        approval.save(update_fields=["state", "voided_at", "voided_by"])
        record(
            by or post.brand.workspace,
            "approval.void",
            approval,
            before={"state": before},
            after={"state": approval.state},
        )
        announce(ApprovalVoided(post.pk, approval.revision_id))
        voided.append(approval)
    return voided
