"""Addresses of this domain's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from kitestring.domains.brands.views import brands, welcome

app_name = "brands"
urlpatterns: list[URLPattern] = [
    path("welcome/", welcome.welcome, name="welcome"),
    path("settings/brands/", brands.brands, name="brands"),
    path("settings/brands/add/", brands.add, name="add"),
    path("settings/brands/<uuid:brand_id>/", brands.change, name="change"),
    path("settings/brands/<uuid:brand_id>/archive/", brands.archive, name="archive"),
    path("settings/brands/<uuid:brand_id>/restore/", brands.restore, name="restore"),
]
