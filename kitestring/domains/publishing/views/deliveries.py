"""The page of a delivery, and every deed on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.publishing.actions.cancel import cancel
from kitestring.domains.publishing.actions.correct_address import correct_address
from kitestring.domains.publishing.actions.go_on_changed import go_on_changed
from kitestring.domains.publishing.actions.hold import hold, release
from kitestring.domains.publishing.actions.left_in_doubt import say_part_absent
from kitestring.domains.publishing.actions.look_now import look_now
from kitestring.domains.publishing.actions.midway import leave_as_it_is
from kitestring.domains.publishing.actions.put_back import put_back, skipped_still
from kitestring.domains.publishing.actions.requeue_failed import requeue_failed
from kitestring.domains.publishing.actions.reschedule import moved_together, reschedule_together
from kitestring.domains.publishing.actions.settle_by_person import give_up, say_live, say_not_live
from kitestring.domains.publishing.actions.withdraw import say_withdrawn, withdraw
from kitestring.domains.publishing.forms import moment_from
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.looking import is_asked
from kitestring.domains.publishing.queries.taken_back import taken_back_for
from kitestring.domains.publishing.rules.moved import moved_to, way_back
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.publishing.views.page import asked_on, decided, found, news_of, page_of, where
from kitestring.domains.publishing.views.taken_back import page_of_gone
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.ui.marks import account_name

Deed = Callable[[Member, Delivery], Delivery]
DEEDS: Final[dict[str, tuple[Deed, Any]]] = {
    "cancel": (cancel, lazy("Cancelled. It will never go out; the post is kept.")),
    "put-back": (put_back, lazy("Put back. It goes out at its hour.")),
    "hold": (hold, lazy("Held. It goes out when somebody releases it.")),
    "release": (release, lazy("Released.")),
    "send": (say_not_live, lazy("It goes out now.")),
    "give-up": (give_up, lazy("Given up. Nothing more is tried; the post is kept.")),
    "requeue": (
        requeue_failed,
        lazy("Sent again, with the text as it stands. This page tells what comes of it."),
    ),
    "go-on-changed": (go_on_changed, lazy("The rest goes out now, with the words the post has.")),
    "part-absent": (say_part_absent, lazy("Noted: this part is not there. It is never sent.")),
    "leave": (leave_as_it_is, lazy("Left as it is. The rest is never sent.")),
    "look": (look_now, lazy("We look now.")),
    "withdraw": (withdraw, lazy("It is being taken down.")),
    "withdrawn": (say_withdrawn, lazy("Noted: it is no longer there.")),
}


@members_only("post.read")
@require_GET
def delivery(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """One delivery: what happened, what was kept, and the button that cures it; of one that was taken back, what is left."""
    gone = taken_back_for(request.member, delivery_id)
    if gone is not None:
        answer = render(request, "publishing/taken_back.html", page_of_gone(request, gone), status=410)
        add_never_cache_headers(answer)  # a browser keeps a 410 for good, and what the post does now changes
        return answer
    here = found(request, delivery_id)
    page = page_of(request, here)
    if not request.htmx:
        return render(request, "publishing/delivery.html", page)
    return render(
        request, "publishing/_delivery.html", page | {"news": news_of(page, request.GET.get("was", ""))}
    )


@members_only("post.read")
@require_POST
def deed(request: MemberRequest, delivery_id: UUID, verb: str) -> HttpResponse:
    """One of `DEEDS`; what is refused is said, with nothing changed."""
    if verb not in DEEDS:
        raise Http404
    action, told = DEEDS[verb]
    here = found(request, delivery_id)
    if request.POST.get("seen", str(here.attempts)) != str(here.attempts):
        raise Conflict(too_late(here.state))  # the page is older than the last try
    asked = is_asked(here)
    after = action(request.member, here)
    if request.GET.get("back"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    messages.success(request, _told(after, verb, str(told)), extra_tags=_undo(after))
    back = asked_on(request)
    return redirect(back) if back else decided(delivery_id, asked)


def _told(after: Delivery, verb: str, told: str) -> str:
    """What is said of a deed: of a skipped time where, and of one that was put back whether it is held."""
    if after.state == "cancelled" and after.reason == "skipped":
        said = {"account": account_name(after.account)}
        return _("Skipped on %(account)s. The other times stay as they are.") % said
    if verb == "put-back" and after.state == "held":
        paused = after.reason == "series_paused"
        return (
            _("Put back. It goes out once its series goes on.")
            if paused
            else _("Put back. It is held, as before.")
        )
    return told


def _undo(after: Delivery) -> str:
    """What the toast asks for to put a skipped time back."""
    address = where("publishing:deed", after.pk, "put-back") if skipped_still(after) else None
    return f"{address}?back=1" if address else ""


@members_only("delivery.schedule")
@require_POST
def move(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """Another hour, from the dialog, for this account or (`who` "all") each that stands there with it, or none.

    What is wrong with it is said beside the field; what moved is said with its undo, as on the calendar.
    """
    here = found(request, delivery_id)
    asked = is_asked(here)
    before, zone = here.due_at, here.account.brand.zone
    moving = moved_together(request.member, here) if request.POST.get("who") == "all" else []
    try:
        due_at = moment_from(request.POST, zone)
        moved = reschedule_together(request.member, moving or [here], due_at)
    except Refusal as refusal:
        if refusal.field != "due_at":
            raise
        return _again(request, here, {"move_error": refusal.message, "typed": request.POST})
    told = moved_to(due_at, zone, (account_name(one.account) for one in moved))
    back = way_back(
        where("web:calendar_move", "together", delivery_id), before, zone, (one.pk for one in moved)
    )
    messages.success(request, told, extra_tags=back)
    return decided(delivery_id, asked)


@members_only("delivery.settle")
@require_POST
def live(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """A person found it there and pastes its address."""
    here = found(request, delivery_id)
    if request.POST.get("seen", _seen(here)) != _seen(here):
        raise Conflict(too_late(here.state))  # the address was pasted for another part, or before another try
    asked = is_asked(here)
    try:
        say_live(request.member, here, request.POST.get("url", ""))
    except Refusal as refusal:
        if refusal.field != "url":
            raise
        return _again(request, here, {"live_error": refusal.message, "typed": request.POST})
    messages.success(request, _("Closed as published."))
    return decided(delivery_id, asked)


@members_only("delivery.settle")
@require_POST
def address(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """Another address for what is live by a person's word; of a sequence for its part `place`."""
    here = found(request, delivery_id)
    place = request.POST.get("place", "0")
    try:
        correct_address(
            request.member, here, request.POST.get("url", ""), int(place) if place.isdecimal() else -1
        )
    except Refusal as refusal:
        if refusal.field != "url":
            raise
        return _again(request, here, {"address_error": refusal.message, "typed": request.POST})
    messages.success(request, _("Its address is corrected."))
    return redirect("publishing:delivery", delivery_id)


def _seen(delivery: Delivery) -> str:
    return f"{delivery.part} {delivery.attempts}"


def _again(request: MemberRequest, here: Delivery, more: dict[str, Any]) -> HttpResponse:
    return render(request, "publishing/delivery.html", {**page_of(request, here), **more}, status=422)
