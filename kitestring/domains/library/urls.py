"""Addresses of files."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.library import views

app_name = "library"
urlpatterns = [
    path("files/", views.upload, name="upload"),
    path("files/<uuid:asset_id>/", views.file, name="file"),
    path("files/<uuid:asset_id>/thumb/", views.thumb, name="thumb"),
]
