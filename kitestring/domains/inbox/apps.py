"""Names this domain to Django."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "kitestring.domains.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"
