"""Says yes to a revision, or sends it back with a note."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.composing.queries import post_for
from kitestring.domains.reviewing.events import PostApproved
from kitestring.domains.reviewing.models import GRAPH, Approval, ApprovalState
from kitestring.domains.reviewing.queries import approval_for, who_else_approves
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.kit.text import clean


def approve(member: Member, approval_id: UUID, *, note: str = "") -> Approval:
    """Raises Conflict when the post was edited since it was shown, Refusal when it is answered already.

    Four eyes where there are four: who asked does not approve while somebody else here may. Alone, they do.
    """
    return _decide(member, approval_id, ApprovalState.APPROVED, note)


def decline(member: Member, approval_id: UUID, *, note: str) -> Approval:
    """Send it back; the note says what to change."""
    if not clean(note):
        raise Refusal(_("Say what should change, in a sentence. Nothing was sent back yet."), field="note")
    return _decide(member, approval_id, ApprovalState.DECLINED, note)


@transaction.atomic
def _decide(member: Member, approval_id: UUID, to: ApprovalState, note: str) -> Approval:
    require(member, "approval.give")
    approval = approval_for(member, approval_id, lock=True)
    post = post_for(member, approval.revision.post_id, lock=True)
    if approval.state == to:
        return approval
    if approval.revision.digest != post.digest:
        raise Conflict(
            _("The post was changed after this was asked. Nothing was approved: read it as it stands now.")
        )
    if not GRAPH.allows(approval.state, to):
        raise Refusal(_("This was answered already. The first answer was kept."))
    if to == ApprovalState.APPROVED and (others := who_else_approves(member, approval)):
        raise Refusal(own_question(others), reason="own_question")
    before = approval.state
    approval.state = to
    approval.decided_by = member
    approval.decided_at = now()
    approval.note = clean(note)[:5000]
    approval.save()
    record(
        member,
        "approval.give",
        approval,
        before={"state": before},
        after={"state": to.value, "note": approval.note},
    )
    if to == ApprovalState.APPROVED:
        announce(PostApproved(post.pk, approval.revision_id))
    return approval


def own_question(others: str) -> str:
    """Who asked is told who answers."""
    return _(
        "You asked for this yourself, so somebody else says yes: %(names)s. Nothing was approved yet."
    ) % {"names": others}
