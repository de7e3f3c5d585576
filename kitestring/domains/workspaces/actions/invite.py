"""Invites a person by e-mail: a link that works once, for seven days, and can be renewed or revoked."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Invitation, Member, Role
from kitestring.domains.workspaces.permissions import require
from kitestring.domains.workspaces.queries import (
    hash_of,
    lock_workspace,
    members_of,
    open_invitation,
    open_invitations,
)
from kitestring.kit.clock import now
from kitestring.kit.crypto import Vault
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal

LASTS: Final = timedelta(days=7)


@transaction.atomic
def invite(member: Member, *, email: str, role: str, language: str) -> tuple[Invitation, str]:
    """The invitation and its secret, which is kept nowhere and shown once. Raises Refusal(field="email" or "role")."""
    require(member, "member.invite")
    _may_give(member, role)
    lock_workspace(member)
    email = email.strip().lower()
    if members_of(member).filter(user__email=email).exists():
        raise Refusal(_("%(email)s is a member here already.") % {"email": email}, field="email")
    for old in open_invitations(member).filter(email=email):
        if old.expires_at > now():
            raise Refusal(
                _(
                    "%(email)s has an open invitation already. Make a new link for it below, or revoke it first."
                )
                % {"email": email},
                field="email",
            )
        old.revoked_at = now()
        old.save(update_fields=["revoked_at"])
    invitation = Invitation(
        workspace_id=member.workspace_id, email=email, role=role, language=language, invited_by=member
    )
    return invitation, _open(member, invitation, "member.invite")


@transaction.atomic
def renew_invitation(member: Member, invitation_id: UUID) -> tuple[Invitation, str]:
    """A new link for an open invitation; the old one stops working and seven days begin anew."""
    require(member, "member.invite")
    invitation = open_invitation(member, invitation_id)
    _may_give(member, invitation.role)
    return invitation, _open(member, invitation, "member.invite_again")


@transaction.atomic
def revoke_invitation(member: Member, invitation_id: UUID) -> Invitation:
    """The link stops working at once."""
    require(member, "member.invite")
    invitation = open_invitation(member, invitation_id)
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])
    record(member, "member.revoke_invitation", invitation, before={"email": invitation.email})
    return invitation


def _may_give(member: Member, role: str) -> None:
    """Only who may change members may make another owner."""
    if role not in Role.values:
        raise Refusal(_("Please choose a role."), field="role")
    if role == Role.OWNER:
        try:
            require(member, "member.change")
        except Refusal as refusal:
            sentence = _("Only an owner can invite another owner.")
            raise Refusal(sentence, reason=refusal.reason, field="role") from refusal


def _open(member: Member, invitation: Invitation, verb: str) -> str:
    secret = token_urlsafe(32)
    invitation.secret_hash = hash_of(secret)
    invitation.expires_at = now() + LASTS
    invitation.save()
    record(
        member,
        verb,
        invitation,
        after={"email": invitation.email, "role": invitation.role, "language": invitation.language},
    )
    if settings.MAIL_IS_ON:
        sealed = Vault(settings.CRYPTO_KEYS).seal({"secret": secret})
        enqueue("workspaces.mail_invitation", invitation=str(invitation.pk), sealed=sealed)
    return secret
