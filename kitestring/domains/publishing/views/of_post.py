"""A post's deliveries as a part of the composer's page, and the verbs that start them: schedule, publish now."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for, variant_for
from kitestring.domains.publishing.actions.schedule import publish_now, schedule_post
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.forms import moment_from
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import OVER
from kitestring.domains.publishing.queries.deliveries import of_post as deliveries_of_post
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.publishing.views.page import where
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@members_only("post.read")
@require_GET
def of_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """The part itself: each account's delivery with its state, and the form that schedules."""
    return render(request, "publishing/_of_post.html", _part(request, _post(request, post_id)))


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
    return _done(request, post, _with_left(request, post, text, made))


@members_only("delivery.schedule")
@require_POST
def now_(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Every account of the post, this moment."""
    post = _post(request, post_id)
    try:
        made = publish_now(request.member, post)
    except Refusal as refusal:
        return _said(request, post, refusal)
    return _done(request, post, _with_left(request, post, _("It goes out now."), made))


def _with_left(request: MemberRequest, post: Post, text: str, made: list[Delivery]) -> str:
    """`text`, and which accounts were left alone because they have the post already, or may have it."""
    ours = {delivery.pk for delivery in made}
    left = [d for d in deliveries_of_post(request.member, post) if d.pk not in ours and d.state not in OVER]
    if not left:
        return text
    names = ", ".join(dict.fromkeys(d.account.name or d.account.handle for d in left))
    return text + " " + _("Left as it is on %(accounts)s: it went there already.") % {"accounts": names}


@members_only("post.write")
@require_POST
def off(request: MemberRequest, variant_id: UUID) -> HttpResponse:
    """An account leaves the post; what was scheduled there is cancelled, and said."""
    post_id = variant_for(request.member, variant_id).post_id
    cancelled = take_off(request.member, variant_id)
    if cancelled is not None:
        messages.success(request, _("Taken off the post. What was to go out there is cancelled."))
    return redirect("composing:post", post_id)


def _post(request: MemberRequest, post_id: UUID) -> Post:
    try:
        return post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error


def _said(request: MemberRequest, post: Post, refusal: Refusal) -> HttpResponse:
    if not request.htmx:
        raise refusal
    page = {
        **_part(request, post),
        "error": refusal.message,
        "beside": refusal.field == "due_at",
        "typed": request.POST,
    }
    return render(request, "publishing/_of_post.html", page, status=422)


def _done(request: MemberRequest, post: Post, text: str) -> HttpResponse:
    if request.htmx:
        answer = render(request, "publishing/_of_post.html", {**_part(request, post), "toast": text})
        answer.headers["HX-Trigger"] = json.dumps({"rescheduled": {}, "closeDialog": {"id": "schedule"}})
        return answer
    messages.success(request, text)
    home = where("composing:post", post.pk)
    return redirect(home) if home else redirect("web:calendar")


def _quarter(moment: datetime) -> datetime:
    """The next full quarter of an hour: nobody plans for 14:03."""
    late = moment.minute % 15 * 60 + moment.second + moment.microsecond / 1e6
    return moment + timedelta(seconds=-late % 900)


def _part(request: MemberRequest, post: Post) -> dict[str, Any]:
    deliveries = list(deliveries_of_post(request.member, post))
    zone = post.brand.zone
    standing = [d.due_at for d in deliveries if d.state in ("scheduled", "held")]
    planned = post.planned_for if post.planned_for and post.planned_for > now() else None
    wish: datetime = (standing[0] if standing else planned) or _quarter(now() + timedelta(hours=1))
    return {
        "post": post,
        "deliveries": [(d, tell(d.reason, d.reason_params, d.account.channel)) for d in deliveries],
        **clocks(zone),
        "day": wish.astimezone(zone).date().isoformat(),
        "time": wish.astimezone(zone).strftime("%H:%M"),
        "may_schedule": may(request.member, "delivery.schedule"),
        "open": bool(standing),
        "needs_approval": post.brand.needs_approval,
    }
