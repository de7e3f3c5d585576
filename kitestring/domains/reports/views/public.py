"""The boss's page: read and answered by a link, without signing in. Not for search engines, and it can be closed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kitestring.domains.reports.actions.answer_report import answer_by_link
from kitestring.domains.reports.forms import number_in
from kitestring.domains.reports.models import Report
from kitestring.domains.reports.queries.reports import answer_of, report_by_secret, revisions_of
from kitestring.domains.reports.views.paper import paper
from kitestring.kit.refusals import Conflict, Refusal

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@require_http_methods(["GET", "POST"])
def public(request: HttpRequest, secret: str) -> HttpResponse:
    """The page in the report's language. POST answers, once."""
    try:
        report = report_by_secret(secret)
    except Report.DoesNotExist:
        return _closed(request)
    refusal: Refusal | None = None
    with translation.override(report.language):
        if request.method == "POST":
            choice, note, name = (request.POST.get(k, "") for k in ("choice", "note", "signed_as"))
            try:
                answer_by_link(secret, choice, note, name, number_in(request.POST))
                return redirect("reports:public", secret)
            except Report.DoesNotExist:
                return _closed(request)
            except Refusal as refused:
                refusal = refused
        page = _page(report, secret) | {"refusal": refusal, "typed": request.POST if refusal else None}
        status = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
        return _sealed(render(request, "reports/public.html", page, status=status))


def _page(report: Report, secret: str, number: int | None = None) -> dict[str, Any]:
    revisions = list(revisions_of(report))
    revision = next((one for one in revisions if number in (None, one.number)), None)
    if revision is None:
        raise Report.DoesNotExist
    return {
        "report": report,
        "content": revision.content,
        "revision": revision,
        "newest": revisions[0],
        "signed": [one for one in revisions if answer_of(one) and one.pk != revision.pk],
        "secret": secret,
        "answer": answer_of(revision),
        "desk": None,
    }


@require_GET
def public_revision(request: HttpRequest, secret: str, number: int) -> HttpResponse:
    """A revision as it was shared: what somebody signed stays readable as it was."""
    try:
        report = report_by_secret(secret)
        with translation.override(report.language):
            return _sealed(render(request, "reports/public.html", _page(report, secret, number)))
    except Report.DoesNotExist:
        return _closed(request)


@require_GET
def public_paper(request: HttpRequest, secret: str, number: int | None = None) -> HttpResponse:
    try:
        return _sealed(paper(_page(report_by_secret(secret), secret, number)["revision"]))
    except Report.DoesNotExist:
        return _closed(request)


def _closed(request: HttpRequest) -> HttpResponse:
    """What was written into the form of a link that was closed meanwhile stays on the page."""
    told = {
        "message": _(
            "This link was closed, or its address is incomplete. Ask whoever sent it for a new one."
        ),
        "note": request.POST.get("note", ""),
    }
    return _sealed(render(request, "reports/closed.html", told, status=404))


def _sealed(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
