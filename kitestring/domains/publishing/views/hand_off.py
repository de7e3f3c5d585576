"""The page for the phone: copy, files, steps, the app, and the field for the proof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kitestring.domains.library.queries import assets_visible_to
from kitestring.domains.publishing.actions.hand_off import prove, take, take_back
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.telling import channel_name, headline, manifest_of
from kitestring.domains.publishing.views.page import found, title_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal


@members_only("post.read")
@require_GET
def hand_off(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """What a person needs to publish it by hand, in the order in which they need it."""
    return render(request, "publishing/hand_off.html", _page(request, found(request, delivery_id)))


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
        page = {**_page(request, here), "error": refusal.message, "typed": request.POST.get("url", "")}
        return render(request, "publishing/hand_off.html", page, status=422)
    messages.success(request, _("Published. The proof is kept with the post."))
    return redirect("publishing:delivery", delivery_id)


@members_only("delivery.settle")
@require_POST
def back(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """Not published after all."""
    take_back(request.member, found(request, delivery_id))
    messages.success(request, _("Taken back. It is held until you give it another hour."))
    return redirect("publishing:delivery", delivery_id)


def _page(request: MemberRequest, delivery: Delivery) -> dict[str, Any]:
    manifest = manifest_of(delivery.account.channel)
    by_hand = manifest.hand_off if manifest else None
    language = get_language() or "en"
    frozen = delivery.payload.get("media") or []
    mine = assets_visible_to(request.member, delivery.account.brand)
    known = {str(asset.pk): asset for asset in mine.filter(pk__in=[item["asset"] for item in frozen])}
    return {
        "delivery": delivery,
        "account": delivery.account,
        **clocks(delivery.account.brand.zone),
        "title": title_of(delivery),
        "headline": headline(delivery.account.channel, delivery.publish_kind, delivery.payload),
        "channel": channel_name(delivery.account.channel),
        "steps": [step.in_(language) for step in by_hand.steps] if by_hand else [],
        "hosts": by_hand.proof_hosts if by_hand else (),
        "open_url": by_hand.open_url if by_hand else "",
        "payload": delivery.payload,
        "files": [(known[str(i["asset"])], i.get("alt", "")) for i in frozen if str(i["asset"]) in known],
        "open": delivery.state in ("handed_off", "needs_attention"),
        "may_settle": may(request.member, "delivery.settle"),
    }
