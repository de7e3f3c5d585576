"""What the page of a report shows: the shared revision to readers, the lines to write to who makes reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kitestring.domains.reports.actions.share_report import page_of, same
from kitestring.domains.reports.models import Report, ReportRevision
from kitestring.domains.reports.queries.reports import answer_of, who_else_signs
from kitestring.domains.reports.views.desk import desk_of
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now


def shared_of(report: Report) -> list[ReportRevision]:
    """The revisions `report_for` brought along, the newest first."""
    shared: list[ReportRevision] = getattr(report, "shared", [])
    return shared


def writing_of(member: Member, report: Report) -> dict[str, Any]:
    """The page to write on."""
    newest = next(iter(shared_of(report)), None)
    content = page_of(report)
    return {
        "report": report,
        "content": content,
        "desk": desk_of(report),
        "version": report.version,
        "newest": newest,
        "changed": newest is None or not same(newest, content),
        "answer": None,
        "may_sign": signs(member, report, newest),
        "whole": True,
        "at": now(),
    }


def reading_of(member: Member, report: Report, revision: ReportRevision) -> dict[str, Any]:
    """One revision as it was shared."""
    newest = shared_of(report)[0]
    return {
        "report": report,
        "content": revision.content,
        "revision": revision,
        "newest": newest,
        "desk": None,
        "answer": answer_of(revision),
        "may_sign": revision.pk == newest.pk and signs(member, report, revision),
    }


def signs(member: Member, report: Report, revision: ReportRevision | None) -> bool:
    """Whether the member may sign the newest revision, and nobody has."""
    if revision is None or answer_of(revision) is not None or not revision.content.get("ask"):
        return False
    return may(member, "report.sign") and not who_else_signs(member, report, revision)


def listed(member: Member, reports: Iterable[Report]) -> list[dict[str, Any]]:
    """Lines of a list: whoever makes reports reads the draft's conclusion, all others that of the newest revision."""
    writes = may(member, "report.make")
    lines = []
    for report in reports:
        newest = next(iter(shared_of(report)), None)
        content = report.content if writes or newest is None else newest.content
        title = report.title if writes or newest is None else newest.content["title"]
        asks = bool(newest and newest.content.get("ask"))
        lines.append(
            {
                "report": report,
                "title": title,
                "about": content.get("about", ""),
                "shared": newest is not None,
                "answer": answer_of(newest),
                "asks": asks,
            }
        )
    return lines
