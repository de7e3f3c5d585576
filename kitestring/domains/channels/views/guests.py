"""What somebody without a login sees who was sent a connect link: who asks, for what, the way there, and thanks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.connect import connector_named
from kitestring.domains.channels.actions.connect_link import (
    connector_of_link,
    guest_comes_back,
    guest_sets_out,
    open_link,
    type_of_link,
)
from kitestring.domains.channels.models import ConnectLink
from kitestring.domains.channels.views.apps import rights, way_back
from kitestring.kit.refusals import Refusal

HEADERS: Final = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
View = Callable[..., HttpResponse]


def _quiet(view: View) -> View:
    """No search engine, no cache, and no channel is told the address (our own form must be: its token asks whence it came)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str) -> HttpResponse:
        answer = view(request, *args)
        for name, value in HEADERS.items():
            answer[name] = value
        return answer

    return answered


@require_http_methods(["GET", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """The link's page; POST begins the way to the channel."""
    return _guest(request, token)


@_quiet
def _guest(request: HttpRequest, token: str) -> HttpResponse:
    try:
        link = open_link(token)
        connector = connector_of_link(link)
    except Refusal as refusal:
        return _ended(request, refusal)
    _speak(request, link)
    refused = ""
    if request.method == "POST":
        try:
            return _lead(request, link, connector, guest_sets_out(link, back=way_back()))
        except Refusal as refusal:
            refused = refusal.message
    manifest = connector.manifest
    language = translation.get_language() or "en"
    page = {
        "link": link,
        "channel_name": manifest.name.in_(language),
        "scopes": rights(manifest, language, type_of_link(link, manifest)),
        "refused": refused,
    }
    return render(request, "channels/guest.html", page, status=422 if refused else 200)


def _lead(request: HttpRequest, link: ConnectLink, connector: Connector, address: str) -> HttpResponse:
    """Out to the channel: at once where there is script; else by a link, for a form may not lead to another house."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    name = connector.manifest.name.in_(translation.get_language() or "en")
    return render(
        request, "channels/guest_lead.html", {"channel_name": name, "address": address, "link": link}
    )


@_quiet
def guest_back(request: HttpRequest) -> HttpResponse:
    """Back from the channel: thanks, or what went wrong and that the link is still good."""
    try:
        visit, found = guest_comes_back(request.GET.dict())
        manifest = connector_named(visit.channel).manifest
    except Refusal as refusal:
        return _ended(request, refusal, 422)
    _speak(request, visit.link)
    page = {
        "names": [one.name for one in found],
        "maker": visit.member,
        "channel_name": manifest.name.in_(translation.get_language() or "en"),
    }
    return render(request, "channels/guest_done.html", page)


def _speak(request: HttpRequest, link: ConnectLink | None) -> None:
    """The sender's language, until the guest has chosen one."""
    if link is not None and "django_language" not in request.COOKIES:
        translation.activate(link.member.language)


def _ended(request: HttpRequest, refusal: Refusal, status: int = 404) -> HttpResponse:
    page = {"message": refusal.message, "title": _("This link does not go on")}
    return render(request, "channels/guest_ended.html", page, status=status)
