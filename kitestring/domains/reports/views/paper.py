"""Hands out the PDF of a report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse

from kitestring.domains.reports.actions.print_paper import PrinterTrouble, draft_of, name_of, paper_of
from kitestring.domains.reports.actions.share_report import page_of
from kitestring.domains.reports.models import Report, ReportRevision
from kitestring.domains.reports.queries.reports import answer_of


def paper(revision: ReportRevision) -> HttpResponse:
    """The file as it was printed; printed anew from the same frozen content when it is gone, or older than the answer."""
    answer = answer_of(revision)
    if revision.pdf == name_of(revision, answer):
        try:
            return _file(revision.report, (Path(settings.HOME) / revision.pdf).read_bytes())
        except OSError:
            pass
    return _file(revision.report, _printed(lambda: paper_of(revision, answer)))


def draft(report: Report) -> HttpResponse:
    """What the page says before it is shared."""
    return _file(report, _printed(lambda: draft_of(report, page_of(report))))


def _printed(make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except PrinterTrouble as trouble:
        raise Http404 from trouble


def _file(report: Report, body: bytes) -> HttpResponse:
    name = f"report-{report.ends_on.isoformat()}.pdf"
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )
