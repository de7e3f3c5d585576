"""Addresses of the pages that join several domains."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.workspaces.views import own
from kitestring.web import choices, health, today
from kitestring.web.calendar import move as calendar_move
from kitestring.web.calendar import pages as calendar_pages
from kitestring.web.posts import pages as posts_pages
from kitestring.web.record import pages as record_pages
from kitestring.web.search import pages as search_pages

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", today.today, name="today"),
    path("brand/", choices.brand, name="brand"),
    path("brand/<uuid:brand_id>/", choices.brand, name="choose_brand"),
    path("workspace/<uuid:workspace_id>/", choices.workspace, name="choose_workspace"),
    path("language/", choices.language, name="language"),
    path("theme/", choices.theme, name="theme"),
    path("search/", search_pages.search, name="search"),
    path("settings/", own.settings, name="settings"),
    path("settings/record/", record_pages.record, name="record"),
    path("posts/", posts_pages.posts, name="posts"),
    path("calendar/", calendar_pages.calendar, name="calendar"),
    path("calendar/<slug:kind>/<uuid:thing_id>/move/", calendar_move.move, name="calendar_move"),
    path("health", health.health, name="health"),
]
