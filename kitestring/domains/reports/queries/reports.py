"""Reads of reports; members' reads start from the member, the boss's from the link's secret."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.planning.models import Campaign
from kitestring.domains.reports.models import Report, ReportAnswer, ReportRevision
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.domains.workspaces.queries import others_who
from kitestring.domains.workspaces.rules.people import people


def reports_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Report]:
    """The workspace's reports (of one brand), newest first; those not shared yet only for who may make reports.

    `shared` on each: its revisions with their answers, the newest first.
    """
    found = Report.objects.filter(brand__workspace_id=member.workspace_id)
    if brand is not None:
        found = found.filter(brand=brand)
    if not may(member, "report.make"):
        found = found.filter(revisions__number=1)
    revisions = ReportRevision.objects.select_related("answer__member", "shared_by").order_by("-number")
    found = found.select_related("brand", "campaign", "made_by")
    return found.prefetch_related(Prefetch("revisions", revisions, to_attr="shared")).order_by(
        "-made_at", "-id"
    )


def report_for(member: Member, report_id: UUID) -> Report:
    """One report. Raises Report.DoesNotExist outside the workspace, and for a draft that is not the member's to see."""
    return reports_visible_to(member).get(pk=report_id)


def reports_of(member: Member, campaign: Campaign) -> QuerySet[Report]:
    return reports_visible_to(member).filter(campaign=campaign)


def report_by_secret(secret: str, *, lock: bool = False) -> Report:
    """The report behind an open live link. Raises Report.DoesNotExist when there is none, it was closed or never shared."""
    found = Report.objects.filter(secret=secret, closed_at=None, revisions__number=1)
    if lock:
        found = found.select_for_update(of=("self",))
    return found.select_related("brand__workspace", "campaign", "made_by").get()


def held(member: Member, report_id: UUID) -> Report:
    """One report, held for change. Raises Report.DoesNotExist outside the workspace."""
    found = Report.objects.select_for_update(of=("self",)).select_related("brand", "campaign", "made_by")
    return found.get(brand__workspace_id=member.workspace_id, pk=report_id)


def revisions_of(report: Report) -> QuerySet[ReportRevision]:
    """What was shared of a report the reader was already let in to, the newest first."""
    found = ReportRevision.objects.filter(report=report).select_related("report__brand", "answer__member")
    return found.select_related("shared_by").order_by("-number")


def went_up(member: Member, brand: Brand) -> QuerySet[ReportRevision]:
    """What stands before the reader of each of the brand's reports: its newest revision; the newest first."""
    newer = ReportRevision.objects.filter(report=OuterRef("report"), number__gt=OuterRef("number"))
    found = ReportRevision.objects.filter(
        report__brand=brand, report__brand__workspace_id=member.workspace_id
    )
    return found.filter(~Exists(newer)).order_by("-shared_at", "-id")


def waiting_for_signature(member: Member, brand: Brand) -> QuerySet[ReportRevision]:
    """What asks for a decision nobody gave yet and this member may sign: their own is for somebody else."""
    asking = went_up(member, brand).filter(answer=None, content__ask__options__isnull=False)
    others = others_who(member, "report.sign").select_related(None).order_by()
    own = Q(report__made_by=member) | Q(shared_by=member)
    return asking.exclude(own & Exists(others))


def newest_of(report: Report) -> ReportRevision | None:
    return revisions_of(report).first()


def answer_of(revision: ReportRevision | None) -> ReportAnswer | None:
    """The answer given on a revision the reader was already let in to."""
    return getattr(revision, "answer", None)


def who_else_signs(member: Member, report: Report, revision: ReportRevision | None) -> str:
    """The names of those who sign this in the member's place, because it is the member's own; "" when the member may."""
    own = {report.made_by_id, revision.shared_by_id if revision else None}
    if member.pk not in own:
        return ""
    return people(list(others_who(member, "report.sign").values_list("name", flat=True)))
