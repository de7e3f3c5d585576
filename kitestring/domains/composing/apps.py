"""Names this domain to Django."""

from django.apps import AppConfig


class ComposingConfig(AppConfig):
    name = "kitestring.domains.composing"
    label = "composing"
    default_auto_field = "django.db.models.BigAutoField"
