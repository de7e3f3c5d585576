"""Names this domain to Django."""

from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "kitestring.domains.workspaces"
    label = "workspaces"
    default_auto_field = "django.db.models.BigAutoField"
