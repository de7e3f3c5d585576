"""The members' pages: the list with the form that makes a report, one report, its link and its file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaign_for, campaigns_visible_to
from kitestring.domains.reports.actions.answer_report import answer_as_member
from kitestring.domains.reports.actions.change_link import close_link, open_link
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.print_again import print_again
from kitestring.domains.reports.forms import number_in, wanted_from
from kitestring.domains.reports.models import Report, ReportRevision
from kitestring.domains.reports.queries.reports import report_for, reports_of, reports_visible_to
from kitestring.domains.reports.views.paper import draft, paper
from kitestring.domains.reports.views.sheet import listed, reading_of, shared_of, writing_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Language
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal

MOST = 50


@members_only("report.read")
@require_http_methods(["GET", "POST"])
def reports(request: MemberRequest) -> HttpResponse:
    """The brand's reports, newest first. POST makes one."""
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            return redirect("reports:report", _make(request).pk)
        except Refusal as refused:
            if not refused.field:
                raise
            refusal = refused
    page: dict[str, Any] = {
        "reports": listed(request.member, reports_visible_to(request.member, request.brand)[:MOST]),
        "campaigns": [(str(c.pk), c.name) for c in _campaigns(request)],
        "languages": Language.choices,
        "language": request.brand.language if request.brand else request.member.language,
        "chosen": request.GET.get("campaign", ""),
        "may_make": may(request.member, "report.make") and request.brand is not None,
        "typed": request.POST if refusal else None,
        "refusal": refusal,
        "open_form": bool(refusal) or "campaign" in request.GET,
    }
    return render(request, "reports/reports.html", page, status=422 if refusal else 200)


def _campaigns(request: MemberRequest) -> list[Campaign]:
    return list(campaigns_visible_to(request.member, request.brand)[:100]) if request.brand else []


def _make(request: MemberRequest) -> Report:
    if request.brand is None:
        raise Refusal(_("There is no brand yet. Add one in Settings first."))
    campaign = None
    if request.POST.get("campaign"):
        try:
            campaign = campaign_for(request.member, UUID(request.POST["campaign"]))
        except (ValueError, Campaign.DoesNotExist) as gone:
            raise Refusal(_("This campaign is not here (any more)."), field="campaign") from gone
    wanted = wanted_from(request.POST, campaign, now().astimezone(request.brand.zone).date())
    return make_report(
        request.member,
        request.brand,
        campaign=campaign,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        language=wanted.language,
    )


@members_only("report.read")
@require_GET
def report(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """One report, each finding one click from its posts: written in place by who makes reports, else as it was shared."""
    return _page(request, _found(request, report_id))


def _page(request: MemberRequest, here: Report, refusal: Refusal | None = None) -> HttpResponse:
    if may(request.member, "report.make"):
        page = writing_of(request.member, here) | {"may_make": True, "open_page": str(uuid7())}
        return render(request, "reports/report.html", page)
    return _reading(request, here, shared_of(here)[0], refusal)


def _reading(
    request: MemberRequest, here: Report, revision: ReportRevision, refusal: Refusal | None = None
) -> HttpResponse:
    page = reading_of(request.member, here, revision) | {
        "may_make": may(request.member, "report.make"),
        "refusal": refusal,
        "typed": request.POST if refusal else None,
    }
    status = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
    return render(request, "reports/report.html", page, status=status)


def _found(request: MemberRequest, report_id: UUID) -> Report:
    try:
        return report_for(request.member, report_id)
    except Report.DoesNotExist as error:
        raise Http404 from error


def _revision(here: Report, number: int) -> ReportRevision:
    for one in shared_of(here):
        if one.number == number:
            return one
    raise Http404


@members_only("report.read")
@require_GET
def revision(request: MemberRequest, report_id: UUID, number: int) -> HttpResponse:
    """What was shared, as it was; the newest may be signed here."""
    here = _found(request, report_id)
    return _reading(request, here, _revision(here, number))


@members_only("report.sign")
@require_POST
def answer(request: MemberRequest, report_id: UUID) -> HttpResponse:
    here, given = _found(request, report_id), request.POST
    try:
        answer_as_member(
            request.member, here, given.get("choice", ""), given.get("note", ""), number_in(given)
        )
    except Refusal as refusal:
        fresh = _found(request, report_id)
        if not shared_of(fresh):
            raise
        return _reading(request, fresh, shared_of(fresh)[0], refusal)
    messages.success(request, _("Signed. The team sees your answer."))
    return redirect("reports:report", report_id)


@members_only("report.read")
@require_GET
def download(request: MemberRequest, report_id: UUID, number: int | None = None) -> HttpResponse:
    """The PDF of a revision, the newest without a number; of a draft, which says that it is one."""
    here = _found(request, report_id)
    if number is not None:
        return paper(_revision(here, number))
    return paper(shared_of(here)[0]) if shared_of(here) else draft(here)


@members_only("report.make")
@require_POST
def reprint(request: MemberRequest, report_id: UUID) -> HttpResponse:
    here = _found(request, report_id)
    if not shared_of(here):
        raise Http404
    print_again(request.member, shared_of(here)[0])
    messages.success(request, _("The PDF is there."))
    return redirect("reports:report", report_id)


@members_only("report.make")
@require_POST
def link(request: MemberRequest, report_id: UUID) -> HttpResponse:
    """`open` in the form: "1" opens under a new address, else the link is closed."""
    here = _found(request, report_id)
    if request.POST.get("open") == "1":
        open_link(request.member, here)
        messages.success(request, _("The link is open, under a new address."))
    else:
        close_link(request.member, here)
        messages.success(request, _("The link is closed. Nobody reads the report by it any more."))
    return redirect("reports:report", report_id)


@members_only("report.read")
@require_GET
def of_campaign(request: MemberRequest, campaign_id: UUID) -> HttpResponse:
    """The part of a campaign's page: its reports."""
    try:
        campaign = campaign_for(request.member, campaign_id)
    except Campaign.DoesNotExist as error:
        raise Http404 from error
    page = {
        "campaign": campaign,
        "reports": listed(request.member, reports_of(request.member, campaign)[:10]),
        "may_make": may(request.member, "report.make"),
    }
    return render(request, "reports/_of_campaign.html", page)
