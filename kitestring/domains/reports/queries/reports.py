"""Reads of reports; members' reads start from the member, the boss's from the link's secret."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.planning.models import Campaign
from kitestring.domains.reports.models import Report, ReportAnswer
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.queries import others_who
from kitestring.domains.workspaces.rules import people


def reports_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Report]:
    """The workspace's reports (of one brand), newest first, with the boss's answer."""
    found = Report.objects.filter(brand__workspace_id=member.workspace_id)
    if brand is not None:
        found = found.filter(brand=brand)
    return found.select_related("brand", "campaign", "answer", "made_by").order_by("-made_at")


def report_for(member: Member, report_id: UUID) -> Report:
    """One report. Raises Report.DoesNotExist outside the workspace."""
    return reports_visible_to(member).get(pk=report_id)


def reports_of(member: Member, campaign: Campaign) -> QuerySet[Report]:
    return reports_visible_to(member).filter(campaign=campaign)


def report_by_secret(secret: str, *, lock: bool = False) -> Report:
    """The report behind an open live link. Raises Report.DoesNotExist when there is none or it was closed."""
    found = Report.objects.filter(secret=secret, closed_at=None)
    if lock:
        found = found.select_for_update(of=("self",))
    return found.select_related("brand__workspace", "campaign", "made_by").get()


def held(member: Member, report_id: UUID) -> Report:
    """One report, held for change. Raises Report.DoesNotExist outside the workspace."""
    found = Report.objects.select_for_update(of=("self",)).select_related("brand")
    return found.get(brand__workspace_id=member.workspace_id, pk=report_id)


def answer_of(report: Report) -> ReportAnswer | None:
    """The answer given on a report the reader was already let in to."""
    return ReportAnswer.objects.filter(report=report).select_related("member").first()


def who_else_signs(member: Member, report: Report) -> str:
    """The names of those who sign this in the member's place, because the member made it; "" when the member may."""
    if report.made_by_id != member.pk:
        return ""
    return people(list(others_who(member, "report.sign").values_list("name", flat=True)))
