"""Names this domain to Django."""

from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "kitestring.domains.ideas"
    label = "ideas"
    default_auto_field = "django.db.models.BigAutoField"
