"""Your own settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kitestring.domains.workspaces.actions.change_own import change_own
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.forms import OwnForm
from kitestring.domains.workspaces.queries import memberships_of
from kitestring.kit.refusals import Refusal


@require_http_methods(["GET", "POST"])
@members_only()
def settings(request: MemberRequest) -> HttpResponse:
    """Name, title, language, theme of the member who looks."""
    member = request.member
    now = {"name": member.name, "title": member.title, "language": member.language, "theme": member.theme}
    form = OwnForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_bound and form.is_valid():
        try:
            changed = change_own(member, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            with translation.override(changed.language):
                messages.success(request, _("Saved."))
            return redirect("workspaces:settings")
    others = [m.workspace for m in memberships_of(request.user) if m.workspace_id != member.workspace_id]
    page = {"form": form, "others": others}
    return render(request, "workspaces/own.html", page, status=422 if form.errors else 200)
