"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.reports.views import pages, public, writing

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("reports/", pages.reports, name="list"),
    path("reports/<uuid:report_id>/", pages.report, name="report"),
    path("reports/<uuid:report_id>/paper.pdf", pages.download, name="paper"),
    path("reports/<uuid:report_id>/words/", writing.words, name="words"),
    path("reports/<uuid:report_id>/revisions/<int:number>/", pages.revision, name="revision"),
    path("reports/<uuid:report_id>/revisions/<int:number>/paper.pdf", pages.download, name="revision_paper"),
    path("reports/<uuid:report_id>/print/", pages.reprint, name="reprint"),
    path("reports/<uuid:report_id>/link/", pages.link, name="link"),
    path("reports/<uuid:report_id>/answer/", pages.answer, name="answer"),
    path("campaigns/<uuid:campaign_id>/reports/", pages.of_campaign, name="of_campaign"),
    path("r/<str:secret>/", public.public, name="public"),
    path("r/<str:secret>/paper.pdf", public.public_paper, name="public_paper"),
    path("r/<str:secret>/<int:number>/", public.public_revision, name="public_revision"),
    path("r/<str:secret>/<int:number>/paper.pdf", public.public_paper, name="public_revision_paper"),
]
