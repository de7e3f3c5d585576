"""Brings the generated sentence back, or keeps a person's words over figures that have changed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.reports.actions.save_words import keep, word
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.reports import held
from kitestring.domains.reports.rules.lines import split
from kitestring.domains.reports.rules.wording import lines_of, moved, under
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require


@transaction.atomic
def restore_words(member: Member, report_id: UUID, what: str) -> Report:
    """`what`: a line, or a finding's key for all of its lines. The words taken off stay in the record."""
    require(member, "report.make")
    report = held(member, report_id)
    for line in _lines(report, what):
        word(member, report, line, None)
    return report


@transaction.atomic
def keep_words(member: Member, report_id: UUID, what: str) -> Report:
    """The person has seen the new figures and stands by the words."""
    require(member, "report.make")
    report = held(member, report_id)
    if what not in moved(report.content, report.words):
        return report
    lines = lines_of(report.words)
    for line in _lines(report, what):
        lines[line] = lines[line] | {
            "under": under(report.content, line),
            "by": member.name,
            "member": str(member.pk),
        }
    before = {"evidence": moved(report.content, report.words)[what]["evidence"]}
    keep(member, report, lines=lines)
    after = {"evidence": under(report.content, _lines(report, what)[0])["evidence"]}
    record(member, "report.keep_words", report, before=before, after=after)
    return report


def _lines(report: Report, what: str) -> list[str]:
    return [line for line in lines_of(report.words) if what == line or what == split(line)[1]]
