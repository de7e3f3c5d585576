"""Puts the present member and brand on each request, in their language and the brand's time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from kitestring.domains.workspaces.queries import instance_is_empty
from kitestring.web.choices import room_above
from kitestring.web.present import chosen_brand, member_of

Handler = Callable[[HttpRequest], HttpResponse]

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob: https:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)


# What an instance without people still shows; every other page leads to the first.
BEFORE_ANYBODY: Final = ("/welcome/", "/language/", "/health", "/static/")
# Where channels call, and fetch files: nobody is signed in there, and no cookie is read.
FOR_PROGRAMS: Final = ("/hooks/", "/f/")


class PublicScheme:
    """Where people type https://, every request came over TLS: the web server in front ended it.

    Without this the links that are shown and mailed would begin with http://.
    """

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.PUBLIC_URL.startswith("https://"):
            request.environ["wsgi.url_scheme"] = "https"  # type: ignore[attr-defined]  # WSGI puts it there; Django types the plain request
        return self.handler(request)


class PresentMember:
    """Sets `request.member` and `request.brand` (either may be None) and `request.brands`."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FOR_PROGRAMS):
            return self.handler(request)
        member, brands = member_of(request)
        brand = chosen_brand(request, member, brands)
        request.member = member  # type: ignore[attr-defined]  # WSGI puts it there; Django types the plain request
        request.brands = brands  # type: ignore[attr-defined]  # WSGI puts it there; Django types the plain request
        request.brand = brand  # type: ignore[attr-defined]  # WSGI puts it there; Django types the plain request
        if member:
            translation.activate(member.language)
            request.LANGUAGE_CODE = translation.get_language()
        elif _opens_here(request):
            return redirect("brands:welcome")
        with timezone.override(brand.timezone if brand else "UTC"):
            return self.handler(request)


def _opens_here(request: HttpRequest) -> bool:
    """Whether a stranger came to an instance that has nobody yet."""
    if request.path.startswith(BEFORE_ANYBODY) or request.user.is_authenticated:
        return False
    return instance_is_empty()


class OwnPages:
    """An address that only takes what a button sends, opened by itself: our page with the way back, for who reads pages."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handler(request)
        reads = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code != 405 or not reads or request.headers.get("HX-Request"):
            return response
        page = render(request, "405.html", {"back": room_above(request.path)}, status=405)
        page.headers["Allow"] = response.headers.get("Allow", "POST")
        return page


class ContentPolicy:
    """Nothing runs on a page but our own files."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handler(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
