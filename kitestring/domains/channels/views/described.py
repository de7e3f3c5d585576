"""The address where a channel reads what our app is, when somebody is to agree to it there. Public; it holds no secret."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.http import require_GET

from kitestring.connectorkit import registry
from kitestring.domains.channels.actions.app_for import app_described
from kitestring.domains.channels.views.apps import way_back

HEADERS: Final = {"Cache-Control": "public, max-age=600", "X-Robots-Tag": "noindex"}


@require_GET
def described(request: HttpRequest, channel: str, key_id: UUID) -> HttpResponse:
    """The document, by the first way of the channel that has one; 404 for what nobody asked us to describe."""
    one = registry.connectors().get(channel)
    for connector in [one, *(one.by(way.key) for way in one.manifest.ways)] if one else []:
        describes = connector.described
        app = app_described(connector, key_id) if describes is not None else None
        if describes is not None and app is not None:
            told = describes.document(app, redirect_uri=way_back())
            return JsonResponse(dict(told), headers=HEADERS)
    return HttpResponseNotFound(headers={"X-Robots-Tag": "noindex"})
