"""Starting posts: from a decision, or empty."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.repeat_post import repeat_post
from kitestring.domains.composing.actions.start_from_decision import start_from_decision
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.ideas.models import Brief, Idea
from kitestring.domains.ideas.queries import brief_for, idea_for
from kitestring.domains.ideas.views.pages import wall_page
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaign_for
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


@members_only("decision.make")
@require_http_methods(["GET", "POST"])
def start(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """Decide for `idea` with `reason`; lands on the campaign the decision made, or on the wall beside what is missing."""
    try:
        if request.method == "GET":
            # After a refusal the wall stands at this address; opened again, it is the wall.
            return redirect("ideas:wall", brief_for(request.member, brief_id).pk)
        started = start_from_decision(
            request.member, _picked(request, brief_id), request.POST.get("reason", "")
        )
    except Refusal as refused:
        if not refused.field:
            raise
        return wall_page(request, brief_for(request.member, brief_id), undecided=refused)
    except (Idea.DoesNotExist, Brief.DoesNotExist, ValueError) as error:
        raise Http404 from error
    return redirect("planning:campaign", started.campaign.pk)


def _picked(request: MemberRequest, brief_id: UUID) -> UUID:
    """The idea that was chosen, one of this brief. Raises Refusal beside the field when none was."""
    if not request.POST.get("idea", ""):
        raise Refusal(
            _("Choose the idea it shall be. Nothing is decided yet; your reason is kept."), field="idea"
        )
    idea = idea_for(request.member, UUID(request.POST["idea"]))
    if idea.brief_id != brief_id:
        raise Idea.DoesNotExist
    return idea.pk


@members_only("post.write")
@require_http_methods(["GET", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """An empty post (of `campaign`, if one is named) with a variant for the brand's accounts; lands in the composer."""
    if request.method == "GET":  # a link opened in a tab of its own makes nothing; the list has the button
        return redirect("web:posts")
    if request.brand is None:
        raise Refusal(_("There is no brand yet. Add one in Settings first."))
    campaign = None
    if request.POST.get("campaign"):
        try:
            campaign = campaign_for(request.member, UUID(request.POST["campaign"]))
        except (Campaign.DoesNotExist, ValueError) as error:
            raise Http404 from error
    brand = campaign.brand if campaign else request.brand
    post = write_post(request.member, brand, campaign=campaign)
    accounts = [a for a in accounts_of(request.member, brand) if a.state == "connected"]
    if len(accounts) == 1:
        add_variant(request.member, post.pk, accounts[0])
    return redirect("composing:post", post.pk)


@members_only("post.write")
@require_POST
def repeat(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """A new draft with the words, files and accounts of this post; lands in its composer."""
    try:
        made = repeat_post(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("A new draft with the same words and files. What went out stays as it is."))
    return redirect("composing:post", made.pk)
