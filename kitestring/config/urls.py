"""All addresses, assembled: each domain brings its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    # Addresses are looked for in this order: what is open all day comes first.
    path("", include("kitestring.web.urls")),
    path("", include("kitestring.domains.inbox.urls")),
    path("account/", include("kitestring.web.entrance_urls")),
    path("", include("kitestring.domains.workspaces.urls")),
    path("", include("kitestring.domains.brands.urls")),
    path("", include("kitestring.domains.library.urls")),
    path("", include("kitestring.domains.channels.urls")),
    path("", include("kitestring.domains.ideas.urls")),
    path("", include("kitestring.domains.planning.urls")),
    path("", include("kitestring.domains.composing.urls")),
    path("", include("kitestring.domains.reviewing.urls")),
    path("", include("kitestring.domains.publishing.urls")),
    path("", include("kitestring.domains.analytics.urls")),
    path("", include("kitestring.domains.reports.urls")),
]
