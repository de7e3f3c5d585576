"""Moves all waiting posts of a campaign by days: the part on its page, the deed, and its undo."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kitestring.domains.planning.actions.change_campaign import move_days
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaign_for
from kitestring.domains.publishing.actions.shift import MOST_DAYS, Shifted, shift_campaign
from kitestring.domains.publishing.queries.shifting import waiting_of
from kitestring.domains.publishing.views.page import where
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal


@members_only("post.read")
@require_http_methods(["GET", "POST"])
def shift(request: MemberRequest, campaign_id: UUID) -> HttpResponse:
    """GET: the part of the campaign's page. POST `days`, `way`: all of them or none; a refusal is said in the dialog."""
    try:
        campaign = campaign_for(request.member, campaign_id)
    except Campaign.DoesNotExist as error:
        raise Http404 from error
    if request.method == "GET":
        return _part(request, campaign)
    back = request.GET.get("back", "")
    try:
        days, only = (
            (int(request.GET["days"]), datetime.fromisoformat(back)) if back else (_days(request), None)
        )
    except (ValueError, KeyError) as error:
        raise Http404 from error
    own = (request.GET if back else request.POST).get("campaign") == "1"
    try:
        shifted = _moved(request, campaign, days, only, own=own)
    except Refusal as refusal:
        if not request.htmx or back:
            raise
        return render(request, "publishing/_shift_said.html", {"told": refusal.message}, status=422)
    if not back:
        messages.success(request, _told(shifted), extra_tags=_undo(campaign, days, shifted, own=own))
    if not request.htmx:
        return redirect(where("planning:campaign", campaign.pk) or "web:today")
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@transaction.atomic
def _moved(
    request: MemberRequest, campaign: Campaign, days: int, only: datetime | None, *, own: bool
) -> Shifted:
    shifted = shift_campaign(request.member, campaign, days, only=only)
    if own:
        move_days(request.member, campaign.pk, timedelta(days=days))
    return shifted


def _part(request: MemberRequest, campaign: Campaign) -> HttpResponse:
    page = {
        "campaign": campaign,
        "waiting": waiting_of(request.member, campaign),
        "zone": campaign.brand.zone,
        "most": MOST_DAYS,
        "has_days": bool(campaign.starts_on or campaign.ends_on),
        "may_schedule": may(request.member, "delivery.schedule"),
        "may_change": may(request.member, "campaign.change"),
    }
    return render(request, "publishing/_shift.html", page)


def _days(request: MemberRequest) -> int:
    """How many days, negative for earlier; 0 where it is no number, which the action refuses in words."""
    typed = request.POST.get("days", "").strip()
    days = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0
    return -days if request.POST.get("way") == "earlier" else days


def _told(shifted: Shifted) -> str:
    told = ngettext("%(num)s moved.", "%(num)s moved.", shifted.moved) % {"num": shifted.moved}
    if shifted.stayed:
        stays = ngettext(
            "%(num)s stays: its new hour would have passed.",
            "%(num)s stay: their new hours would have passed.",
            shifted.stayed,
        )
        told = f"{told} {stays % {'num': shifted.stayed}}"
    return told


def _undo(campaign: Campaign, days: int, shifted: Shifted, *, own: bool) -> str:
    """The way back of just these; what anybody changes meanwhile is no longer among them."""
    asked = {"back": shifted.at.isoformat(), "days": str(-days), "campaign": "1" if own else "0"}
    return f"{reverse('publishing:shift', args=[campaign.pk])}?{urlencode(asked)}"
