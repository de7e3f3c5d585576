"""Accepts an invitation: a new person with a password, or one who is signed in already."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.actions.register import named, register
from kitestring.domains.workspaces.models import Invitation, Member, User
from kitestring.domains.workspaces.queries import former_member, invitation_of, user_by_email
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@transaction.atomic
def join(secret: str, *, name: str, password: str) -> Member:
    """A new person joins by an invitation's secret. Raises Refusal, with its field where there is one."""
    invitation = invitation_of(secret, hold=True)
    if user_by_email(invitation.email):
        raise Refusal(_("There is a sign-in for this address already. Sign in first, then join."))
    clean = named(name)
    return _enter(invitation, register(invitation.email, password), clean)


@transaction.atomic
def join_as(user: User, secret: str, *, name: str = "") -> Member:
    """A person who is signed in joins one more workspace; their address must be the invited one."""
    invitation = invitation_of(secret, hold=True)
    if user.email != invitation.email:
        raise Refusal(
            _("This invitation is for %(email)s. Sign out, then open the link again.")
            % {"email": invitation.email},
            reason="not_permitted",
        )
    return _enter(invitation, user, named(name or user.email.partition("@")[0]))


def _enter(invitation: Invitation, user: User, name: str) -> Member:
    member = former_member(invitation.workspace_id, user)
    if member is None:
        member = Member(workspace=invitation.workspace, user=user)
    elif member.left_at is None:
        raise Refusal(_("You are a member of this workspace already."))
    member.name, member.role, member.language = name, invitation.role, invitation.language
    member.left_at = None
    member.joined_at = now()
    member.save()
    invitation.accepted_at = now()
    invitation.save(update_fields=["accepted_at"])
    record(member, "member.join", member, after={"name": name, "email": user.email, "role": member.role})
    return member
