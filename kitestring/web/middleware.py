"""Puts the present member and brand on each request, in their language and the brand's time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from kitestring.web.present import brand_of, member_of

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


class PresentMember:
    """Sets `request.member` and `request.brand` (either may be None)."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        member = member_of(request)
        brand = brand_of(request, member) if member else None
        request.member = member  # type: ignore[attr-defined]
        request.brand = brand  # type: ignore[attr-defined]
        if member:
            translation.activate(member.language)
            request.LANGUAGE_CODE = translation.get_language()
        with timezone.override(brand.timezone if brand else "UTC"):
            return self.handler(request)


class ContentPolicy:
    """Nothing runs on a page but our own files."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.handler(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
