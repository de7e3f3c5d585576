"""Pages of campaigns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kitestring.domains.planning.actions.change_campaign import change_campaign
from kitestring.domains.planning.actions.start_campaign import start_campaign
from kitestring.domains.planning.forms import facts_from
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaign_for, campaigns_visible_to, metrics_for
from kitestring.domains.planning.rules import label_of, options
from kitestring.domains.planning.rules.mechanics import mechanics_choices, mechanics_words
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal


@members_only("post.read")
@require_http_methods(["GET", "POST"])
def campaigns(request: MemberRequest) -> HttpResponse:
    """The brand's campaigns, newest first. POST starts one by hand."""
    refusal: Refusal | None = None
    if request.method == "POST":
        if request.brand is None:
            raise Refusal(_("There is no brand yet. Add one in Settings first."))
        try:
            made = start_campaign(request.member, request.brand, request.POST.get("name", ""))
            return redirect("planning:campaign", made.pk)
        except Refusal as refused:
            if not refused.field:
                raise
            refusal = refused
    page = {
        "campaigns": campaigns_visible_to(request.member, request.brand)[:100],
        "may_change": may(request.member, "campaign.change"),
        "refusal": refusal,
        "name": request.POST.get("name", ""),
    }
    return render(request, "planning/campaigns.html", page, status=422 if refusal else 200)


@members_only("post.read")
@require_http_methods(["GET", "POST"])
def campaign(request: MemberRequest, campaign_id: UUID) -> HttpResponse:
    """One campaign: its goal, where it came from, and (loaded from the rooms above) what came of it."""
    try:
        here = campaign_for(request.member, campaign_id)
    except Campaign.DoesNotExist as error:
        raise Http404 from error
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            change_campaign(request.member, campaign_id, facts_from(request.POST))
            return redirect("planning:campaign", campaign_id)
        except Refusal as refused:
            if not refused.field:
                raise
            refusal = refused
    page: dict[str, Any] = {
        "campaign": here,
        "post_count": here.posts.count(),
        "typed": request.POST if refusal else None,
        "refusal": refusal,
        "metrics": options(metrics_for(request.member, here.brand), here.goal_metric),
        "mechanics": mechanics_words(here.mechanics),
        "kinds": mechanics_choices(),
        "metric_label": label_of(here.goal_metric),
        "may_change": may(request.member, "campaign.change"),
    }
    return render(request, "planning/campaign.html", page, status=422 if refusal else 200)
