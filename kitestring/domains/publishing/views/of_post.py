"""A post's deliveries as a part of the composer's page, and the verbs that start them: schedule, publish now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.forms import moment_from
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import OVER
from kitestring.domains.publishing.queries.deliveries import of_post as deliveries_of_post
from kitestring.domains.publishing.queries.deliveries import of_posts as deliveries_of_posts
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.publishing.views.page import where
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

URGENCY: Final = {
    state: place
    for place, state in enumerate(
        ("needs_attention", "failed", "unknown", "handed_off", "held", "sending", "processing", "scheduled")
    )
}


@members_only("post.read")
@require_GET
def of_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """The part itself: each account's delivery with its state, and the form that schedules."""
    return render(request, "publishing/_of_post.html", _part(request, _post(request, post_id)))


@members_only("post.read")
@require_GET
def goes_out(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """One line for the composer's strip: when it goes out next, or how it went."""
    post = _post(request, post_id)
    standing = [d for d in deliveries_of_post(request.member, post) if d.state not in OVER]
    page = {**clocks(post.brand.zone), "post": post, **gist(standing)}
    return render(request, "publishing/_goes_out.html", page)


@members_only("post.read")
@require_GET
def states(request: MemberRequest) -> HttpResponse:
    """How the posts named by `?post=` stand, each as a part that finds its own place (`#state-<id>`)."""
    wanted = [pk for pk in map(_uuid, request.GET.getlist("post")[:200]) if pk is not None]
    found: dict[UUID, list[Delivery]] = {pk: [] for pk in wanted}
    for delivery in deliveries_of_posts(request.member, wanted):
        if delivery.revision is not None and delivery.state not in OVER:
            found[delivery.revision.post_id].append(delivery)
    told = [(pk, gist(standing)) for pk, standing in found.items() if standing]
    return render(request, "publishing/_states.html", {"told": told})


def gist(standing: list[Delivery]) -> dict[str, Any]:
    """The one delivery that says most (what asks for a person first, then what is under way, then the next hour)."""
    if not standing:
        return {"leading": None, "count": 0}
    leading = min(standing, key=lambda d: (URGENCY.get(d.state, len(URGENCY)), d.due_at))
    return {"leading": leading, "count": len(standing)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@members_only("delivery.schedule")
@require_POST
def schedule(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Every account of the post at one hour; what is refused is said in the form."""
    post = _post(request, post_id)
    try:
        made = schedule_post(request.member, post, moment_from(request.POST, post.brand.zone))
    except Refusal as refusal:
        return _said(request, post, refusal)
    text = ngettext("Scheduled on %(n)s account.", "Scheduled on %(n)s accounts.", len(made)) % {
        "n": len(made)
    }
    return _done(request, post, text)


@members_only("delivery.schedule")
@require_POST
def now_(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Every account of the post, this moment."""
    post = _post(request, post_id)
    try:
        publish_now(request.member, post)
    except Refusal as refusal:
        return _said(request, post, refusal)
    return _done(request, post, _("It goes out now."))


def _post(request: MemberRequest, post_id: UUID) -> Post:
    try:
        return post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error


def _said(request: MemberRequest, post: Post, refusal: Refusal) -> HttpResponse:
    if not request.htmx:
        raise refusal
    page = {**_part(request, post), "error": refusal.message, "typed": request.POST}
    return render(request, "publishing/_of_post.html", page, status=422)


def _done(request: MemberRequest, post: Post, text: str) -> HttpResponse:
    if request.htmx:
        answer = render(request, "publishing/_of_post.html", {**_part(request, post), "toast": text})
        answer.headers["HX-Trigger"] = "rescheduled"
        return answer
    messages.success(request, text)
    home = where("composing:post", post.pk)
    return redirect(home) if home else redirect("web:calendar")


def _part(request: MemberRequest, post: Post) -> dict[str, Any]:
    deliveries = list(deliveries_of_post(request.member, post))
    zone = post.brand.zone
    wish: datetime = (post.planned_for if post.planned_for and post.planned_for > now() else None) or (
        now() + timedelta(hours=1)
    )
    return {
        "post": post,
        "deliveries": [(d, tell(d.reason, d.reason_params, d.account.channel)) for d in deliveries],
        **clocks(zone),
        "day": wish.astimezone(zone).date().isoformat(),
        "time": wish.astimezone(zone).strftime("%H:%M"),
        "may_schedule": may(request.member, "delivery.schedule"),
        "open": any(d.state in ("scheduled", "held") for d in deliveries),
        "needs_approval": post.brand.needs_approval,
    }
