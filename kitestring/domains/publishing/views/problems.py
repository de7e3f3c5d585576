"""What one problem holds: every post that waits for an account to be connected again, or for a pause to end."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.publishing.queries.problems import held_by_problem, is_place_of, problem
from kitestring.domains.publishing.rules.places import hour_of
from kitestring.domains.publishing.views.page import title_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may

A_PAGE = 50


@members_only("delivery.schedule")
@require_GET
def waiting(request: MemberRequest, what: str, row_id: UUID) -> HttpResponse:
    """All that waits for one thing, with what lets it go; for those who may. Once nothing does, that is said on the first page.

    A paused workspace that holds nothing of the brand in hand is told of all.
    """
    if not is_place_of(request.member, what, row_id):
        raise Http404
    one = problem(request.member, what, row_id, request.brand) or problem(request.member, what, row_id, None)
    if one is None:
        messages.info(request, _("Nothing waits for this any more."))
        return redirect("/")
    found = Paginator(held_by_problem(request.member, one), A_PAGE)
    page = {
        "problem": one,
        "lines": found.get_page(request.GET.get("page")),
        "title_of": title_of,
        "hour_of": hour_of,
        "may_connect": may(request.member, "account.connect"),
        "may_pause": may(request.member, "workspace.pause"),
    }
    return render(request, "publishing/waiting.html", page)
