"""Moves a delivery or a planned post from the calendar: by drag, by key, by the dialog; with its undo, or the reason why not."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.reschedule import reschedule, reschedule_together
from kitestring.domains.publishing.actions.schedule import refuse_past
from kitestring.domains.publishing.forms import moment_from
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import delivery_for, together_with
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.ui.formats import date_time
from kitestring.ui.marks import account_name

# The hour before and after, the brand, and the accounts that moved ("" for what has none yet).
Moved = tuple[datetime, datetime, Brand, str]


@members_only("delivery.schedule")
@require_POST
def move(request: MemberRequest, kind: str, thing_id: UUID) -> HttpResponse:
    """`day` and, where it changes, `time` in the brand's zone. Answers with a toast and its undo; a refusal as 409 or 422.

    `back=1` is an undo: the page is drawn anew.
    """
    if kind == "delivery":
        before, after, brand, whose = _delivery(request, thing_id)
    elif kind == "together":
        before, after, brand, whose = _together(request, thing_id)
    elif kind == "post":
        before, after, brand, whose = _post(request, thing_id)
    else:
        raise Http404
    if request.GET.get("back"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    there = before.astimezone(brand.zone)
    back = {"back": "1", "day": there.date().isoformat(), "time": there.strftime("%H:%M")}
    undo = f"{reverse('web:calendar_move', args=[kind, thing_id])}?{urlencode(back)}"
    said = {"when": date_time(after, "weekday", brand.zone), "accounts": whose}
    told = (_("Moved to %(when)s: %(accounts)s.") if whose else _("Moved to %(when)s.")) % said
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
    return before, after, brand, account_name(here.account)


def _together(request: MemberRequest, thing_id: UUID) -> Moved:
    """All accounts of one chip move, or none does."""
    try:
        here = delivery_for(request.member, thing_id)
    except Delivery.DoesNotExist as error:
        raise Http404 from error
    brand, before = here.account.brand, here.due_at
    after = _wanted(request, before, brand)
    together = together_with(request.member, here)
    reschedule_together(request.member, together, after)
    return before, after, brand, _(", ").join(account_name(one.account) for one in together)


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
    return before, after, here.brand, ""


def _wanted(request: MemberRequest, before: datetime, brand: Brand) -> datetime:
    """The hour asked for; a day alone keeps the clock time it had there."""
    there = before.astimezone(brand.zone)
    asked = {**request.GET.dict(), **request.POST.dict()}
    fields = {
        "day": str(asked.get("day") or there.date()),
        "time": str(asked.get("time") or f"{there:%H:%M}"),
    }
    return moment_from(fields, brand.zone)
