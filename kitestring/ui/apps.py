"""Registers the interface's templates and static files with Django."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kitestring.ui"
    label = "ui"
