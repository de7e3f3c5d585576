"""Names this domain to Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "kitestring.domains.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"
