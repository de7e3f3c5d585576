"""Addresses of posts."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.composing.views import start

app_name = "composing"
urlpatterns = [
    path("briefs/<uuid:brief_id>/decision/", start.start, name="start"),
    path("posts/new/", start.new, name="new"),
]
