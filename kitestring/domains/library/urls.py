"""Addresses of files."""

from __future__ import annotations

from django.urls import path

from kitestring.domains.library.views import files, pages

app_name = "library"
urlpatterns = [
    path("library/", pages.files, name="files"),
    path("library/<uuid:asset_id>/", pages.asset, name="asset"),
    path("files/", files.upload, name="upload"),
    path("files/<uuid:asset_id>/", files.file, name="file"),
    path("files/<uuid:asset_id>/thumb/", files.thumb, name="thumb"),
]
