"""Moves a delivery or a planned post from the calendar: by drag, by key, by the dialog; with its undo, or the reason why not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.reschedule import moved_together, reschedule, reschedule_together
from kitestring.domains.publishing.actions.schedule import refuse_past
from kitestring.domains.publishing.forms import moment_from
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import delivery_for, of_post
from kitestring.domains.publishing.rules.moved import moved_to, way_back
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.ui.marks import account_name

# The hour before and after, the brand, and the deliveries that moved (none of a plan).
Moved = tuple[datetime, datetime, Brand, list[Delivery]]


@members_only("delivery.schedule")
@require_POST
def move(request: MemberRequest, kind: str, thing_id: UUID) -> HttpResponse:
    """`day` and, where it changes, `time` in the brand's zone. Answers with a toast and its undo; a refusal as 409 or 422.

    `back=1` is an undo: the page is drawn anew.
    """
    if kind == "delivery":
        before, after, brand, moved = _delivery(request, thing_id)
    elif kind == "together":
        before, after, brand, moved = _together(request, thing_id)
    elif kind == "post":
        before, after, brand, moved = _post(request, thing_id)
    else:
        raise Http404
    if request.GET.get("back"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    address = reverse("web:calendar_move", args=[kind, thing_id])
    undo = way_back(address, before, brand.zone, (one.pk for one in moved))
    told = moved_to(after, brand.zone, (account_name(one.account) for one in moved))
    answer = render(request, "web/calendar_moved.html", {"told": told, "undo": undo})
    answer.headers["X-Moved-Time"] = after.astimezone(brand.zone).strftime("%H:%M")
    return answer


def _delivery(request: MemberRequest, thing_id: UUID) -> Moved:
    try:
        here = delivery_for(request.member, thing_id)
    except Delivery.DoesNotExist as error:
        raise Http404 from error
    brand, before = here.account.brand, here.due_at
    after = _wanted(request, before, brand)
    reschedule(request.member, here, after)
    return before, after, brand, [here]


def _together(request: MemberRequest, thing_id: UUID) -> Moved:
    """All accounts of one chip move, or none does; an undo names those that moved: others may stand at that hour too."""
    try:
        here = delivery_for(request.member, thing_id)
    except Delivery.DoesNotExist as error:
        raise Http404 from error
    brand, before = here.account.brand, here.due_at
    after = _wanted(request, before, brand)
    only, together = request.GET.getlist("only"), moved_together(request.member, here)
    if only and here.revision is not None:
        together = [one for one in of_post(request.member, here.revision.post) if str(one.pk) in only]
    return before, after, brand, reschedule_together(request.member, together or [here], after)


def _post(request: MemberRequest, thing_id: UUID) -> Moved:
    try:
        here = post_for(request.member, thing_id)
    except Post.DoesNotExist as error:
        raise Http404 from error
    before = here.planned_for
    if before is None:
        raise Http404
    after = _wanted(request, before, here.brand)
    refuse_past(after)
    save_post(request.member, thing_id, {"planned_for": after}, here.version)
    return before, after, here.brand, []


def _wanted(request: MemberRequest, before: datetime, brand: Brand) -> datetime:
    """The hour asked for; a day alone keeps the clock time it had there."""
    there = before.astimezone(brand.zone)
    asked = {**request.GET.dict(), **request.POST.dict()}
    fields = {
        "day": str(asked.get("day") or there.date()),
        "time": str(asked.get("time") or f"{there:%H:%M}"),
    }
    return moment_from(fields, brand.zone)
