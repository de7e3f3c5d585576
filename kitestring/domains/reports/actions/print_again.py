"""Prints a shared revision's PDF once more: its file was lost, or the first try failed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kitestring.domains.reports.actions.print_paper import PrinterTrouble, print_paper
from kitestring.domains.reports.models import ReportRevision
from kitestring.domains.reports.queries.reports import answer_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal


def print_again(member: Member, revision: ReportRevision) -> ReportRevision:
    """From the frozen content, so it says the same, with the signature once there is one. Raises Refusal when it fails again."""
    require(member, "report.make")
    try:
        revision.pdf = print_paper(revision, answer_of(revision))
    except PrinterTrouble as trouble:
        raise Refusal(
            _(
                "The PDF could not be made. The report and its link stand. Ask whoever runs this instance to look."
            )
        ) from trouble
    revision.save(update_fields=["pdf"])
    record(member, "report.print", revision.report, after={"revision": revision.number})
    return revision
