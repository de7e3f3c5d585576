"""Members and invitations."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kitestring.domains.workspaces.actions.change_member import change_role, remove_member
from kitestring.domains.workspaces.actions.invite import invite, renew_invitation, revoke_invitation
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.forms import InviteForm
from kitestring.domains.workspaces.models import Invitation, Role
from kitestring.domains.workspaces.permissions import TABLE, may, require
from kitestring.domains.workspaces.queries import members_of, open_invitations
from kitestring.domains.workspaces.rules.verbs import permission_label
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@require_http_methods(["GET", "POST"])
@members_only()
def members(request: MemberRequest) -> HttpResponse:
    """Who works here; who may, invites another person and gets the link to hand over."""
    if request.method == "GET":
        return _page(request, InviteForm(initial={"language": request.member.language}))
    require(request.member, "member.invite")
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invitation, secret = invite(request.member, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _page(request, InviteForm(initial={"language": invitation.language}), invitation, secret)
    return _page(request, form)


def _page(
    request: MemberRequest, form: InviteForm, invitation: Invitation | None = None, secret: str = ""
) -> HttpResponse:
    member = request.member
    inviting = may(member, "member.invite")
    page = {
        "people": members_of(member),
        "invitations": open_invitations(member) if inviting else [],
        "form": form if inviting else None,
        "roles": Role.choices,
        "role_names": dict(Role.choices),
        "may_change": may(member, "member.change"),
        "now": now(),
        "made": invitation,
        "link": request.build_absolute_uri(reverse("workspaces:join", args=[secret])) if secret else "",
        "mailed": settings.MAIL_IS_ON,
    }
    return render(request, "workspaces/members.html", page, status=422 if form.errors else 200)


@require_POST
@members_only(permission="member.invite")
def renew(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """A new link for an open invitation, shown once."""
    invitation, secret = renew_invitation(request.member, invitation_id)
    return _page(request, InviteForm(initial={"language": request.member.language}), invitation, secret)


@require_POST
@members_only(permission="member.invite")
def revoke(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    invitation = revoke_invitation(request.member, invitation_id)
    messages.success(request, _("The invitation for %(email)s is revoked.") % {"email": invitation.email})
    return redirect("workspaces:members")


@require_POST
@members_only(permission="member.change")
def role(request: MemberRequest, member_id: UUID) -> HttpResponse:
    other = change_role(request.member, member_id, request.POST.get("role", ""))
    words = {"name": other.name, "role": other.role_label}
    messages.success(request, _("%(name)s is now: %(role)s.") % words)
    return redirect("workspaces:members")


@require_POST
@members_only(permission="member.change")
def remove(request: MemberRequest, member_id: UUID) -> HttpResponse:
    other = remove_member(request.member, member_id)
    messages.success(request, _("%(name)s is no longer a member.") % {"name": other.name})
    return redirect("workspaces:members")


@require_GET
@members_only()
def permissions(request: MemberRequest) -> HttpResponse:
    """The permission table, to read."""
    rows = [
        {"label": permission_label(key), "roles": {role: role in who for role in Role}}
        for key, who in TABLE.items()
    ]
    return render(request, "workspaces/permissions.html", {"rows": rows, "roles": list(Role)})
