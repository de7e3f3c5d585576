"""Names this domain to Django."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "kitestring.domains.library"
    label = "library"
    default_auto_field = "django.db.models.BigAutoField"
