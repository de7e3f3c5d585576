"""Hands out the PDF of a report."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse

from kitestring.domains.reports.actions.print_paper import PrinterTrouble, paper_of
from kitestring.domains.reports.models import Report


def paper(report: Report) -> HttpResponse:
    """The file as it was printed; printed anew from the same frozen content when the file is gone."""
    path = Path(settings.HOME) / report.pdf if report.pdf else None
    try:
        body = path.read_bytes() if path is not None else paper_of(report)
    except OSError:
        body = _anew(report)
    except PrinterTrouble as trouble:
        raise Http404 from trouble
    name = f"report-{report.ends_on.isoformat()}.pdf"
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _anew(report: Report) -> bytes:
    try:
        return paper_of(report)
    except PrinterTrouble as trouble:
        raise Http404 from trouble
