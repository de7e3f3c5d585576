"""Names this domain to Django."""

from django.apps import AppConfig


class BrandsConfig(AppConfig):
    name = "kitestring.domains.brands"
    label = "brands"
    default_auto_field = "django.db.models.BigAutoField"
