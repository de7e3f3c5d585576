"""Publishing by hand, for who is signed in: copy, files, steps, the app, the proof; and the code that opens it on a phone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kitestring.domains.publishing.actions.hand_off import prove, take, take_back
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.phone_link import link_for
from kitestring.domains.publishing.rules.phone_link import OPENS, minute_of
from kitestring.domains.publishing.views.hand_off_page import page_of_hand_off, public_base, sent_file
from kitestring.domains.publishing.views.page import found
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@members_only("post.read")
@require_GET
def hand_off(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """What a person needs to publish it by hand, in the order in which they need it."""
    return _shown(request, found(request, delivery_id))


@members_only("delivery.settle")
@require_GET
def code(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """The code for the phone, made anew while the page is open; once the hand-off is over, its page is left."""
    here = found(request, delivery_id)
    if here.state not in ("handed_off", "needs_attention"):
        away = {"HX-Redirect": reverse("publishing:delivery", args=[here.pk])}
        return HttpResponse(status=204, headers=away)
    page = {"delivery": here, "zone": here.account.brand.timezone, **_code(request, here)}
    answer = render(request, "publishing/_phone_code.html", page)
    add_never_cache_headers(answer)
    return answer


@members_only("post.read")
@require_GET
def file(request: MemberRequest, delivery_id: UUID, number: int) -> HttpResponseBase:
    """One of its files by place, numbered in its name, as the channel takes it."""
    return sent_file(request.member, found(request, delivery_id), number, small=False)


@members_only("post.read")
@require_GET
def thumb(request: MemberRequest, delivery_id: UUID, number: int) -> HttpResponseBase:
    """The same, small, for looking at."""
    return sent_file(request.member, found(request, delivery_id), number, small=True)


@members_only("delivery.settle")
@require_POST
def carry(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """It is on my phone: nobody else publishes it too."""
    take(request.member, found(request, delivery_id))
    return redirect("publishing:hand_off", delivery_id)


@members_only("delivery.settle")
@require_http_methods(["GET", "POST"])
def proof(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """Done, and here is where; an address elsewhere is refused beside the field. Opened again, it is the page before."""
    here = found(request, delivery_id)
    if request.method == "GET":
        return redirect("publishing:hand_off", delivery_id)
    try:
        prove(request.member, here, request.POST.get("url", ""))
    except Refusal as refusal:
        if refusal.field != "url":
            raise
        return _shown(request, here, refusal)
    messages.success(request, _("Published. The proof is kept with the post."))
    return redirect("publishing:delivery", delivery_id)


@members_only("delivery.settle")
@require_POST
def back(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """Not published after all."""
    take_back(request.member, found(request, delivery_id))
    messages.success(request, _("Taken back. It is held until you give it another hour."))
    return redirect("publishing:delivery", delivery_id)


def _shown(request: MemberRequest, delivery: Delivery, refusal: Refusal | None = None) -> HttpResponse:
    page = page_of_hand_off(request.member, delivery)
    page |= {"ways": _ways(delivery), **_code(request, delivery)}
    if refusal is not None:
        page |= {"error": refusal.message, "typed": request.POST.get("url", "")}
    answer = render(request, "publishing/hand_off.html", page, status=422 if refusal else 200)
    add_never_cache_headers(answer)  # it holds a link that opens it without signing in
    return answer


def _code(request: MemberRequest, delivery: Delivery) -> dict[str, Any]:
    """The link for the phone and until when it opens; "" where no phone could reach this server."""
    if not may(request.member, "delivery.settle"):
        return {"phone_link": None}
    base = public_base(request)
    path = reverse("publishing:on_phone", args=[link_for(request.member, delivery)])
    return {"phone_link": f"{base}{path}" if base else "", "opens_until": minute_of(now()) + OPENS}


def _ways(delivery: Delivery) -> dict[str, str]:
    """Where the page's forms and files are for who is signed in."""
    return {
        "carry": reverse("publishing:carry", args=[delivery.pk]),
        "proof": reverse("publishing:proof", args=[delivery.pk]),
        "files": reverse("publishing:hand_off", args=[delivery.pk]),
    }
