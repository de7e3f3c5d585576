"""Shares a report: what stands on the page becomes a revision that is never changed, and the live link shows it."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kitestring.domains.reports.actions.print_paper import PrinterTrouble, print_paper
from kitestring.domains.reports.models import Report, ReportRevision
from kitestring.domains.reports.queries.glyphs import unprintable
from kitestring.domains.reports.queries.reports import held, newest_of
from kitestring.domains.reports.rules.wording import changed_by_others, lines_of, moved, worded
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict, Refusal

log = logging.getLogger(__name__)


def share_report(member: Member, report_id: UUID, version: int | None = None) -> ReportRevision:
    """The newest revision; the one that is there when nothing was changed since. Raises Refusal, Conflict.

    `version`: what the member has before their eyes; None for whoever made the report a moment ago.
    """
    require(member, "report.make")
    with transaction.atomic():
        report = held(member, report_id)
        _ready(member, report, version)
        last, content = newest_of(report), page_of(report)
        if last is not None and same(last, content):
            return last
        number = last.number + 1 if last else 1
        with translation.override(report.language):
            label = _("Revision %(n)s") % {"n": number} if last else ""
        shared = ReportRevision(
            report=report, number=number, content=content | {"revision": label}, shared_by=member
        )
        shared.save(force_insert=True)
        after = {"revision": number, "title": content["title"]}
        record(member, "report.share", report, before={"revision": number - 1} if last else None, after=after)
    try:
        shared.pdf = print_paper(shared)
        shared.save(update_fields=["pdf"])
    except PrinterTrouble:
        log.exception("report %s was shared without its PDF", report.pk)
    return shared


def _ready(member: Member, report: Report, version: int | None) -> None:
    if version is not None and changed_by_others(report.words, report.version, version, str(member.pk)):
        raise Conflict(
            _(
                "Somebody changed this report while you had it open. Nothing was shared: reload it, read it, then share."
            )
        )
    if moved(report.content, report.words):
        raise Refusal(
            _(
                "The numbers under your words changed. Nothing was shared: keep your words or take the new sentences first."
            )
        )
    if strange := unprintable(" ".join(said["text"] for said in lines_of(report.words).values())):
        message = _(
            "The PDF has no letters for %(letters)s. Nothing was shared, your words are kept: write them in other letters."
        )
        raise Refusal(message % {"letters": strange})


def page_of(report: Report) -> dict[str, Any]:
    """What the page says now, in the report's language."""
    with translation.override(report.language):
        return worded(report.content, report.words, language=report.language)


def same(revision: ReportRevision, content: dict[str, Any]) -> bool:
    """Whether a revision says this already. (Those of before revisions do not know all that a page holds today.)"""
    old = {key: value for key, value in revision.content.items() if value and key != "revision"}
    return old == {key: value for key, value in content.items() if value and key != "revision"}
