"""Makes a report anew from the samples as they stand now; a person's words stay, beside what has changed under them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.reports.actions.make_report import content_of
from kitestring.domains.reports.actions.save_words import keep
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.facts import Scope
from kitestring.domains.reports.queries.reports import held
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now


@transaction.atomic
def make_anew(member: Member, report_id: UUID) -> Report:
    """The same days in the same language. What was shared or signed is not touched. Raises Report.DoesNotExist."""
    require(member, "report.make")
    report = held(member, report_id)
    scope = Scope(report.brand, report.campaign, report.starts_on, report.ends_on)
    by = report.made_by.name if report.made_by else member.name
    before = {"title": report.title}
    report.content, report.made_at = content_of(member, scope, report.language, by), now()
    report.save(update_fields=["content", "made_at"])
    keep(member, report)
    record(member, "report.make_anew", report, before=before, after={"title": report.title})
    return report
