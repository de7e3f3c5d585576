"""Hands out the PDF of a report."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse

from kitestring.domains.reports.actions.print_paper import PrinterTrouble, name_of, paper_of
from kitestring.domains.reports.models import Report, ReportAnswer
from kitestring.domains.reports.queries.reports import answer_of


def paper(report: Report) -> HttpResponse:
    """The file as it was printed; printed anew from the same frozen content when it is gone, or older than the answer."""
    answer = answer_of(report)
    path = Path(settings.HOME) / report.pdf if report.pdf == name_of(report, answer) else None
    try:
        body = path.read_bytes() if path is not None else paper_of(report, answer)
    except OSError:
        body = _anew(report, answer)
    except PrinterTrouble as trouble:
        raise Http404 from trouble
    name = f"report-{report.ends_on.isoformat()}.pdf"
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _anew(report: Report, answer: ReportAnswer | None) -> bytes:
    try:
        return paper_of(report, answer)
    except PrinterTrouble as trouble:
        raise Http404 from trouble
