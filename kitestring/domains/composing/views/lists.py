"""Lists of posts: of a campaign, of an idea. States are shown by the room that knows them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kitestring.domains.composing.queries import (
    posts_from_idea,
    posts_of_campaign,
    with_pictures,
)
from kitestring.domains.ideas.models import Idea
from kitestring.domains.ideas.queries import idea_for
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaign_for
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may


@members_only("post.read")
@require_GET
def of_campaign(request: MemberRequest, campaign_id: UUID) -> HttpResponse:
    """A fragment: the campaign's posts."""
    try:
        campaign = campaign_for(request.member, campaign_id)
    except Campaign.DoesNotExist as error:
        raise Http404 from error
    page = {
        "posts": with_pictures(posts_of_campaign(request.member, campaign)),
        "campaign": campaign,
        "may_write": may(request.member, "post.write"),
    }
    return render(request, "composing/of_campaign.html", page)


@members_only("post.read")
@require_GET
def of_idea(request: MemberRequest, idea_id: UUID) -> HttpResponse:
    """A fragment: what was written from an idea."""
    try:
        idea = idea_for(request.member, idea_id)
    except Idea.DoesNotExist as error:
        raise Http404 from error
    page = {"posts": with_pictures(posts_from_idea(request.member, idea)), "idea": idea}
    return render(request, "composing/of_campaign.html", page)
