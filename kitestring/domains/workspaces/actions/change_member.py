"""Changes a member's role, or ends a membership. There is always an owner left."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member, Role
from kitestring.domains.workspaces.permissions import may, require
from kitestring.domains.workspaces.queries import (
    colleague,
    lock_workspace,
    open_invitations,
    other_owners,
)
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@transaction.atomic
def change_role(member: Member, member_id: UUID, role: str) -> Member:
    """Give a member of the same workspace another role. The last owner keeps theirs."""
    require(member, "member.change")
    if role not in Role.values:
        raise Refusal(_("Please choose a role."), field="role")
    lock_workspace(member)
    other = colleague(member, member_id)
    before = other.role
    if before == role:
        return other
    if before == Role.OWNER and not other_owners(other):
        raise Refusal(
            _("%(name)s is the only owner. Make somebody else an owner first. Nothing was changed.")
            % {"name": other.name},
            field="role",
        )
    other.role = role
    other.save(update_fields=["role"])
    name = {"name": other.name}
    record(member, "member.change_role", other, before={**name, "role": before}, after={**name, "role": role})
    if not may(other, "member.invite"):
        _close_doors(member, other)
    return other


@transaction.atomic
def remove_member(member: Member, member_id: UUID) -> Member:
    """End a membership at once; what the person did stays, under their name. The last owner cannot go."""
    require(member, "member.change")
    lock_workspace(member)
    other = colleague(member, member_id)
    if other.role == Role.OWNER and not other_owners(other):
        raise Refusal(
            _("%(name)s is the only owner and cannot be removed. Make somebody else an owner first.")
            % {"name": other.name}
        )
    other.left_at = now()
    other.save(update_fields=["left_at"])
    record(member, "member.remove", other, before={"name": other.name, "role": other.role})
    _close_doors(member, other)
    return other


def _close_doors(member: Member, other: Member) -> None:
    """Who may not invite any more leaves no invitation open behind them: it might be for themselves."""
    for invitation in open_invitations(member).filter(invited_by=other):
        invitation.revoked_at = now()
        invitation.save(update_fields=["revoked_at"])
        record(member, "member.revoke_invitation", invitation, before={"email": invitation.email})
