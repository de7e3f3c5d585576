"""The hand-off on a phone that nobody is signed in on: opened by the code on the desk's screen, for this one hand-off only.

It can say "I publish it", hand out the files and take the proof; nothing else of the house is behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kitestring.domains.publishing.actions.hand_off import prove_on_phone, take_on_phone
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.queries.phone_link import Opened, cookie_for, opened_by
from kitestring.domains.publishing.rules.phone_link import KEEPS, cookie_name
from kitestring.domains.publishing.views.hand_off_page import page_of_hand_off, sent_file
from kitestring.kit.refusals import Refusal

HEADERS: Final = {
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
PATH: Final = "/on-phone/"

View = Callable[..., HttpResponseBase]


def opened(view: View) -> View:
    """Let in who has a link that opens something, in its member's language; else say that it has ended. Who is signed in
    here goes by the usual page.
    """

    @wraps(view)
    def guarded(request: HttpRequest, secret: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        here = opened_by(secret, request.COOKIES)
        if here is None:
            return _sealed(render(request, "publishing/phone_ended.html", status=404))
        with (
            translation.override(here.member.language),
            timezone.override(here.delivery.account.brand.timezone),
        ):
            answer = view(request, here, secret, *args, **kwargs)
        if here.fresh:
            _keep(answer, here)
        return answer

    return guarded


@require_GET
@opened
def on_phone(request: HttpRequest, here: Opened, secret: str) -> HttpResponseBase:
    """The hand-off, in the order of the hand."""
    if _signed_in_for(request, here.delivery):
        return redirect("publishing:hand_off", here.delivery.pk)
    return _shown(request, here, secret)


@require_POST
@opened
def carry(request: HttpRequest, here: Opened, secret: str) -> HttpResponseBase:
    """It is on my phone: nobody else publishes it too."""
    try:
        take_on_phone(here.member, here.delivery)
    except Refusal as refusal:
        return _shown(request, here, secret, refusal)
    return redirect("publishing:on_phone", secret)


@require_http_methods(["GET", "POST"])
@opened
def proof(request: HttpRequest, here: Opened, secret: str) -> HttpResponseBase:
    """Done, and here is where; what is refused is said on the page, and what was typed is kept."""
    if request.method == "GET":
        return redirect("publishing:on_phone", secret)
    try:
        prove_on_phone(here.member, here.delivery, request.POST.get("url", ""))
    except Refusal as refusal:
        return _shown(request, here, secret, refusal)
    return redirect("publishing:on_phone", secret)


@require_GET
@opened
def file(request: HttpRequest, here: Opened, _secret: str, number: int) -> HttpResponseBase:
    """One of its files by place."""
    return sent_file(here.member, here.delivery, number, small=False)


@require_GET
@opened
def thumb(request: HttpRequest, here: Opened, _secret: str, number: int) -> HttpResponseBase:
    return sent_file(here.member, here.delivery, number, small=True)


def _shown(
    request: HttpRequest, here: Opened, secret: str, refusal: Refusal | None = None
) -> HttpResponseBase:
    page = page_of_hand_off(here.member, here.delivery)
    page |= {"ways": _ways(secret), "published": here.delivery.state == "published"}
    if refusal is not None:
        page |= {"error" if refusal.field == "url" else "refused": refusal.message}
        page |= {"typed": request.POST.get("url", "")}
    return _sealed(render(request, "publishing/on_phone.html", page, status=422 if refusal else 200))


def _ways(secret: str) -> dict[str, str]:
    """Where the page's forms and files are for who came by the link."""
    return {
        "carry": reverse("publishing:on_phone_carry", args=[secret]),
        "proof": reverse("publishing:on_phone_proof", args=[secret]),
        "files": reverse("publishing:on_phone", args=[secret]),
    }


def _signed_in_for(request: HttpRequest, delivery: Delivery) -> bool:
    member = getattr(request, "member", None)
    return member is not None and visible_to(member).filter(pk=delivery.pk).exists()


def _keep(answer: HttpResponseBase, here: Opened) -> None:
    """This phone may go on with this hand-off when the link itself opens nothing any more."""
    answer.set_cookie(
        cookie_name(here.delivery.pk),
        cookie_for(here),
        max_age=KEEPS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _sealed(answer: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer
