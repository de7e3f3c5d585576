"""The workspace itself: its name, and the way to the switch that pauses everything."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kitestring.domains.workspaces.actions import change_workspace
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.forms import WorkspaceForm
from kitestring.domains.workspaces.permissions import may, require
from kitestring.kit.refusals import Refusal


@require_http_methods(["GET", "POST"])
@members_only()
def workspace(request: MemberRequest) -> HttpResponse:
    """The name, for owners to change."""
    form = WorkspaceForm(
        request.POST if request.method == "POST" else None, initial={"name": request.member.workspace.name}
    )
    if request.method == "POST":
        require(request.member, "workspace.change")
    if form.is_bound and form.is_valid():
        try:
            change_workspace.rename_workspace(request.member, form.cleaned_data["name"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("workspaces:workspace")
    page = {
        "form": form,
        "may_change": may(request.member, "workspace.change"),
    }
    return render(request, "workspaces/workspace.html", page, status=422 if form.errors else 200)
