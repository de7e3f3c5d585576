"""Names this domain to Django."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "kitestring.domains.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"
