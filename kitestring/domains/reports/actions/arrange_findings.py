"""Moves a finding up or down, leaves one out, or puts it back. Nothing of it is lost."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.reports.actions.save_words import keep
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.reports import held
from kitestring.domains.reports.rules.lines import findings_of, line_of
from kitestring.domains.reports.rules.wording import left_out, order_of, shown, text_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal


@transaction.atomic
def move_finding(member: Member, report_id: UUID, key: str, by: int) -> Report:
    """One place among those shown; at the edge it stays."""
    report = _found(member, report_id, key)
    here = shown(report.content, report.words)
    if key not in here:
        return report
    place = here.index(key)
    to = min(max(place + by, 0), len(here) - 1)
    if to == place:
        return report
    before = _claims(report, here)
    here.insert(to, here.pop(place))
    keep(member, report, order=here + left_out(report.content, report.words))
    record(member, "report.arrange", report, before={"order": before}, after={"order": _claims(report, here)})
    return report


@transaction.atomic
def leave_out(member: Member, report_id: UUID, key: str) -> Report:
    """The finding, and what it asks, is not on the page any more; its words stay with it."""
    report = _found(member, report_id, key)
    out = left_out(report.content, report.words)
    if key in out:
        return report
    keep(member, report, out=[*out, key], order=order_of(report.content, report.words))
    record(member, "report.leave_out", report, after={"claim": _claims(report, [key])})
    return report


@transaction.atomic
def put_back(member: Member, report_id: UUID, key: str) -> Report:
    report = _found(member, report_id, key)
    out = left_out(report.content, report.words)
    if key not in out:
        return report
    keep(member, report, out=[k for k in out if k != key])
    record(member, "report.put_back", report, after={"claim": _claims(report, [key])})
    return report


def _found(member: Member, report_id: UUID, key: str) -> Report:
    require(member, "report.make")
    report = held(member, report_id)
    if key not in findings_of(report.content):
        raise Refusal(
            _(
                "This finding is not in the report any more: it was made anew meanwhile. Nothing was changed; reload the page."
            )
        )
    return report


def _claims(report: Report, keys: list[str]) -> list[str]:
    return [text_of(report.content, report.words, line_of("claim", key)) for key in keys]
