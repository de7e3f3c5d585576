"""Names this domain to Django."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "kitestring.domains.planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"
