"""Names this part to Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kitestring.web"
    label = "web"
