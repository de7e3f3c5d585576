"""Names this domain to Django."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "kitestring.domains.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
