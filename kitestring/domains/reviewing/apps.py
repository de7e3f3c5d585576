"""Names this domain to Django."""

from django.apps import AppConfig


class ReviewingConfig(AppConfig):
    name = "kitestring.domains.reviewing"
    label = "reviewing"
    default_auto_field = "django.db.models.BigAutoField"
