"""Names this domain to Django, and loads what calls channels while the process has its main thread alone."""

from django.apps import AppConfig

from kitestring.kit import http as http


class ChannelsConfig(AppConfig):
    name = "kitestring.domains.channels"
    label = "channels"
    default_auto_field = "django.db.models.BigAutoField"
