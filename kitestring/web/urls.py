"""Addresses of the pages that join several domains."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.workspaces.views import own
from kitestring.web import choices, health

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("brand/", choices.brand, name="brand"),
    path("brand/<uuid:brand_id>/", choices.brand, name="choose_brand"),
    path("workspace/<uuid:workspace_id>/", choices.workspace, name="choose_workspace"),
    path("language/", choices.language, name="language"),
    path("theme/", choices.theme, name="theme"),
    path("settings/", own.settings, name="settings"),
    path("health", health.health, name="health"),
]
