"""Where a report is written in place, made anew and shared: one form that saves while typing, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kitestring.domains.reports.actions.arrange_findings import leave_out, move_finding, put_back
from kitestring.domains.reports.actions.make_anew import make_anew
from kitestring.domains.reports.actions.restore_words import keep_words, restore_words
from kitestring.domains.reports.actions.save_words import Saved, save_words
from kitestring.domains.reports.actions.share_report import share_report
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.reports import report_for
from kitestring.domains.reports.rules.lines import names_of
from kitestring.domains.reports.rules.wording import changed_by_others
from kitestring.domains.reports.views.desk import desk_of
from kitestring.domains.reports.views.sheet import writing_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Conflict, Refusal

Deed = Callable[[Member, UUID, str], object]
DEEDS: Final[dict[str, Deed]] = {
    "up": lambda member, report, key: move_finding(member, report, key, -1),
    "down": lambda member, report, key: move_finding(member, report, key, 1),
    "out": leave_out,
    "back": put_back,
    "restore": restore_words,
    "keep": keep_words,
}


@members_only("report.make")
@require_POST
def words(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """Saves the lines, then does what the pressed button says: `do` is "up:KEY", "restore:LINE", "share" and so on."""
    here = report_for(request.member, report_id)
    typed = {name: request.POST[name] for name in names_of(here.content) if name in request.POST}
    was = {name: request.POST.get(f"was-{name}", "") for name in typed}
    deed, _colon, what = request.POST.get("do", "").partition(":")
    over = [what] if deed == "over" else []
    saved = save_words(request.member, here.pk, typed, was, over, request.POST.get("page", ""))
    if not deed or not saved.whole:
        return _saved(request, saved, stopped=bool(deed) and deed != "over")
    try:
        return _done(request, saved.report, deed, what)
    except Refusal as refusal:
        return _saved(request, saved, refusal)


def _done(request: MemberRequest, here: Report, deed: str, what: str) -> HttpResponse:
    if deed == "share":
        shared = share_report(request.member, here.pk, _version(request))
        messages.success(
            request, _("Shared as revision %(n)s. The link and the PDF show it.") % {"n": shared.number}
        )
        return _away(here)
    if deed == "anew":
        make_anew(request.member, here.pk)
        messages.success(request, _("Updated with today’s numbers. Your words are kept."))
        return _away(here)
    if deed in DEEDS:
        DEEDS[deed](request.member, here.pk, what)
    page = writing_of(request.member, report_for(request.member, here.pk))
    return render(request, "reports/_written.html", page | {"fragment": True})


def _saved(
    request: MemberRequest, saved: Saved, refusal: Refusal | None = None, *, stopped: bool = False
) -> HttpResponse:
    """What an autosave answers: marks beside the lines, the version, and the line that says it is kept."""
    here = report_for(request.member, saved.report.pk)
    since = _version(request)
    others = changed_by_others(here.words, here.version, since, str(request.member.pk))
    page: dict[str, Any] = writing_of(request.member, here) | {
        "desk": desk_of(here, saved.refused, saved.theirs),
        "whole": saved.whole,
        "version": since if others else here.version,
        "others": others,
        "refusal": refusal,
        "stopped": stopped,
        "fragment": True,
        "asked_anew": True,
        "own_lines": saved.own,
    }
    conflict = saved.theirs or isinstance(refusal, Conflict)
    status = 409 if conflict else 200 if saved.whole and refusal is None else 422
    return render(request, "reports/_saved.html", page, status=status)


def _version(request: MemberRequest) -> int:
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return 0


def _away(here: Report) -> HttpResponse:
    return HttpResponse(headers={"HX-Redirect": reverse("reports:report", args=[here.pk])})
