"""Asks for a yes to the post as it stands now."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.refuse_unruly import refuse_any_unruly
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.reviewing.actions.void_stale import void_stale
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.reviewing.queries import open_approvals_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal


@transaction.atomic
def ask_approval(member: Member, post_id: UUID) -> Approval:
    """The open approval of the present content, made if there is none; older ones are void.

    What breaks a rule is not put before anybody: a yes would bring it onto the line without another look.
    """
    require(member, "approval.ask")
    post = post_for(member, post_id, lock=True)
    variants = variants_of(post)
    if not variants:
        raise Refusal(
            _("Choose at least one account first: an approval is for what each account will carry.")
        )
    void_stale(post, member)
    revision = freeze(post, member)
    refuse_any_unruly((one.account, revision.content["variants"][str(one.pk)]) for one in variants)
    present = next((a for a in open_approvals_of(post) if a.revision_id == revision.pk), None)
    if present is not None:
        return present
    approval = Approval(revision=revision, asked_by=member)
    approval.save(force_insert=True)
    record(member, "approval.ask", approval, after={"revision": revision.number, "post": str(post.pk)})
    return approval
