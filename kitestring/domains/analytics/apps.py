"""Names this domain to Django."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "kitestring.domains.analytics"
    label = "analytics"
    default_auto_field = "django.db.models.BigAutoField"
