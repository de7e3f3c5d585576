"""The switches: pause the workspace, a brand or an account; on resuming, what to do with what is overdue."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.publishing.actions import pause as switch
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.pauses import (
    PAUSES,
    Place,
    overdue,
    place_now,
    still_asked,
    switches,
)
from kitestring.domains.publishing.rules.places import hour_of
from kitestring.domains.publishing.views.page import asked_on, title_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.ui import formats


@members_only()
@require_GET
def pauses(request: MemberRequest) -> HttpResponse:
    """Every switch with how it stands, and what was not sent because its hour had passed."""
    whole, brands = switches(request.member)
    page = {
        "whole": whole,
        "places": brands,
        "asked": _lines(still_asked(request.member)),
        "may_pause": may(request.member, "workspace.pause"),
    }
    return render(request, "publishing/pauses.html", page)


@members_only("workspace.pause")
@require_POST
def pause(request: MemberRequest, what: str, row_id: UUID) -> HttpResponse:
    _known(what)
    where = switch.pause(request.member, what, row_id)
    messages.warning(request, _told(where))
    return redirect(asked_on(request) or "publishing:pauses")


@members_only("workspace.pause")
@require_POST
def resume(request: MemberRequest, what: str, row_id: UUID) -> HttpResponse:
    """With something overdue and no `then` ("send", "look") the page asks first; nothing is changed until it is said."""
    _known(what)
    then = request.POST.get("then", "")
    where = place_now(request.member, what, row_id)
    due = overdue(request.member, where)
    if due and then not in ("send", "look"):
        page = {"where": where, "due": _lines(due), "next": request.POST.get("next", "")}
        return render(request, "publishing/resume.html", page)
    made = switch.resume(request.member, what, row_id, cast("switch.Then", then))
    messages.success(request, _resumed(where, then, len(made)))
    if then == "look" and made:
        return redirect("publishing:delivery", made[0].pk)
    return redirect(asked_on(request) or "publishing:pauses")


def _known(kind: str) -> None:
    if kind not in PAUSES:
        raise Http404


def _told(where: Place) -> str:
    if where.kind == "workspace":
        return _("Paused. Nothing is published or answered until somebody resumes.")
    return _("%(name)s is paused. What is due waits.") % {"name": where.name}


def _resumed(where: Place, then: str, n: int) -> str:
    told = _("Resumed. What is due goes out again.")
    if where.kind != "workspace":
        told = _("%(name)s works again.") % {"name": where.name}
    if not n or not then:
        return told
    more = (
        ngettext("%(n)s overdue goes out now.", "%(n)s overdue go out now.", n)
        if then == "send"
        else ngettext(
            "%(n)s overdue waits for somebody to look.", "%(n)s overdue wait for somebody to look.", n
        )
    )
    return formats.sentences(told, more % {"n": n})


def _lines(deliveries: list[Delivery]) -> list[dict[str, Any]]:
    return [
        {"delivery": d, "title": title_of(d), "when": hour_of(d.due_at, d.account.brand.zone)}
        for d in deliveries
    ]
