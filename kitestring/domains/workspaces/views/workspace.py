"""The workspace itself: its name, and the switch that pauses everything."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kitestring.domains.workspaces.actions import change_workspace
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.forms import WorkspaceForm
from kitestring.domains.workspaces.permissions import may, require
from kitestring.kit.refusals import Refusal


@require_http_methods(["GET", "POST"])
@members_only()
def workspace(request: MemberRequest) -> HttpResponse:
    """The name, for owners to change; the pause, for owners and managers."""
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
        "may_pause": may(request.member, "workspace.pause"),
    }
    return render(request, "workspaces/workspace.html", page, status=422 if form.errors else 200)


@require_POST
@members_only(permission="workspace.pause")
def pause(request: MemberRequest) -> HttpResponse:
    change_workspace.pause_everything(request.member)
    messages.warning(request, _("Paused. Nothing is published or answered until somebody resumes."))
    return redirect(_back(request))


@require_POST
@members_only(permission="workspace.pause")
def resume(request: MemberRequest) -> HttpResponse:
    change_workspace.resume(request.member)
    messages.success(request, _("Resumed. What is due goes out again."))
    return redirect(_back(request))


def _back(request: MemberRequest) -> str:
    """The page that asked, by its hidden field `next`, if it is ours."""
    wanted = request.POST.get("next", "")
    ours = "/" in wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if ours else "workspaces:workspace"
