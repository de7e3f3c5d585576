"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.reports.views import pages, public

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("reports/", pages.reports, name="list"),
    path("reports/<uuid:report_id>/", pages.report, name="report"),
    path("reports/<uuid:report_id>/paper.pdf", pages.download, name="paper"),
    path("reports/<uuid:report_id>/print/", pages.reprint, name="reprint"),
    path("reports/<uuid:report_id>/link/", pages.link, name="link"),
    path("reports/<uuid:report_id>/answer/", pages.answer, name="answer"),
    path("campaigns/<uuid:campaign_id>/reports/", pages.of_campaign, name="of_campaign"),
    path("r/<str:secret>/", public.public, name="public"),
    path("r/<str:secret>/paper.pdf", public.public_paper, name="public_paper"),
]
