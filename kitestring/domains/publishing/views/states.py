"""Fragments that say how far posts are: a chip for each of a list, a line for the composer's foot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.accounts import waits_of
from kitestring.domains.publishing.queries.deliveries import OVER
from kitestring.domains.publishing.queries.hours import late_yes_of
from kitestring.domains.publishing.queries.posts import by_post
from kitestring.domains.publishing.queries.seen import kept_back, on_its_way, seen_state
from kitestring.domains.publishing.rules.again import again_words
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.seen import LOUDEST, loudest
from kitestring.domains.publishing.rules.stops import held_words, stop_words
from kitestring.domains.publishing.rules.telling import tell_delivery
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.queries import value_then
from kitestring.kit.clock import now

MOST: Final = 100
AMISS: Final = ("needs_attention", "failed", "unknown", "held")
WAITING: Final = (DeliveryState.SCHEDULED, DeliveryState.HELD)


def shown(deliveries: list[Delivery]) -> str:
    """The one state a list shows for a post; "" when it has no delivery."""
    return loudest({seen_state(d, d.account.brand.needs_approval) for d in deliveries})


@members_only("post.read")
@require_GET
def of_list(request: MemberRequest) -> HttpResponse:
    """`post`, repeated: a chip for each and the hour it waits for, swapped into `#state-<post>`."""
    try:
        ids = [UUID(text) for text in request.GET.getlist("post")[:MOST]]
    except ValueError as error:
        raise Http404 from error
    found = by_post(request.member, ids)
    chips = [(post, shown(found.get(post, [])), _waits(found.get(post, []))) for post in ids]
    return render(request, "publishing/_states.html", {"chips": chips})


def _waits(deliveries: list[Delivery]) -> Delivery | None:
    """The first that still has its hour before it."""
    return next((d for d in deliveries if d.state in WAITING and not on_its_way(d)), None)


@members_only("post.read")
@require_GET
def of_one(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """When this post goes out, or went out, in a line; `since` a moment: and which hour it had then, if it was moved."""
    try:
        post = post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error
    far = how_far(request.member, post, by_post(request.member, [post.pk]).get(post.pk, []))
    was = _hour_then(request, far["next"]) if far["next"] else None
    return render(request, "publishing/_goes_out.html", far | {"was": was})


def how_far(member: Member, post: Post, deliveries: list[Delivery]) -> dict[str, Any]:
    """What `publishing/_goes_out.html` says; `done`: it is live on every account it has; `moving`: news comes within seconds."""
    standing = [d for d in deliveries if d.state not in OVER]
    live = [d for d in standing if d.state == DeliveryState.PUBLISHED]
    waiting = [d for d in standing if d.state in WAITING and not on_its_way(d)]
    return {
        "post": post,
        "deliveries": deliveries,
        "standing": len(standing),
        "live": live,
        "next": waiting[0] if waiting else None,
        **_in_trouble(member, post, standing, waiting),
        "loudest": shown(deliveries),
        "shown_first": _standing_so(standing or deliveries),
        "late_yes": late_yes_of(standing, now()),
        "moving": any(on_its_way(d) for d in standing),
        "went_at": max((d.published_at for d in live if d.published_at), default=None),
        # What comes round is never done with: its words may change, and it may be scheduled once besides.
        "done": bool(live)
        and {v.account_id for v in post.variants.all()} <= {d.account_id for d in live if not d.series_id},
        **clocks(post.brand.zone),
    }


def _in_trouble(
    member: Member, post: Post, standing: list[Delivery], waiting: list[Delivery]
) -> dict[str, Any]:
    """`trouble`: what stands before the next hour and does not simply wait for it, its state and why in a few words."""
    if not waiting:
        return {"trouble": None}
    asks, moment = post.brand.needs_approval, now()
    found = [
        (LOUDEST.index(state), d)
        for d in standing
        if d.due_at <= waiting[0].due_at
        and ((state := seen_state(d, asks)) in AMISS or (d.state in WAITING and d.due_at <= moment))
        and not on_its_way(d)
    ]
    if not found:
        return {"trouble": None}
    place, one = min(found, key=lambda pair: pair[0])
    again = again_words(one, waits_of(member, [one.account_id]).get(one.account_id), moment, post.brand.zone)
    kept = stop_words(one.account) if kept_back(one) else ""
    return {
        "trouble": one,
        "moment": moment,
        "trouble_state": LOUDEST[place],
        "trouble_told": again or kept or held_words(one) or tell_delivery(one),
    }


def _standing_so(deliveries: list[Delivery]) -> Delivery | None:
    """The first of those that stand as the chip says: its page names the others."""
    state = shown(deliveries)
    return next((d for d in deliveries if seen_state(d, d.account.brand.needs_approval) == state), None)


def _hour_then(request: MemberRequest, delivery: Delivery) -> datetime | None:
    try:
        since = datetime.fromisoformat(request.GET["since"]).astimezone(UTC)
        then = value_then(request.member, delivery.pk, "due_at", since)
    except (KeyError, ValueError, OverflowError):
        return None
    was = datetime.fromisoformat(then) if then else delivery.due_at
    return was if was != delivery.due_at else None
