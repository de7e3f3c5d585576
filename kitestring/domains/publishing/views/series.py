"""A recurring post: the form that says how often, what that comes to before it is saved, and the page of the series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.change_series import change_series
from kitestring.domains.publishing.actions.pause_series import pause_series, resume_series
from kitestring.domains.publishing.actions.put_back import skipped_still
from kitestring.domains.publishing.actions.start_series import apart_of, floor_of
from kitestring.domains.publishing.actions.stop_series import stop_series
from kitestring.domains.publishing.forms import rule_from
from kitestring.domains.publishing.models import Series, SeriesKind
from kitestring.domains.publishing.queries.round_near import left_out_ahead, too_near
from kitestring.domains.publishing.queries.round_quotas import MOST, short_of_places
from kitestring.domains.publishing.queries.seen import HAS_YES, seen_state
from kitestring.domains.publishing.queries.series import (
    coming,
    gone,
    series_for,
    standing_series,
    words_differ,
)
from kitestring.domains.publishing.rules.near_words import ahead_near_words, planned_near_words
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.quota_words import short_words
from kitestring.domains.publishing.rules.recurrence import Rule, next_ones
from kitestring.domains.publishing.rules.recurrence_words import ahead_words, day_name, rule_words
from kitestring.domains.publishing.rules.rule_faults import faults
from kitestring.domains.publishing.rules.telling import tell
from kitestring.domains.publishing.rules.to_come import wished
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

PAST_SHOWN: Final = 60
Deed = Callable[[Member, UUID], Series]
DEEDS: Final[dict[str, tuple[Deed, Any]]] = {
    "pause": (pause_series, lazy("Paused. Nothing of it goes out until somebody resumes it.")),
    "resume": (resume_series, lazy("It goes on from now. What the pause left out is not made up for.")),
    "stop": (stop_series, lazy("Stopped. What went out stays out.")),
}


@members_only("post.read")
@require_GET
def preview(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """What the typed rule comes to, in words, with nothing saved."""
    try:
        post = post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error
    return render(request, "publishing/_recur_ahead.html", _ahead(request.member, post, request.GET))


def _ahead(member: Member, post: Post, data: QueryDict) -> dict[str, Any]:
    zone = post.brand.zone
    try:
        rule = rule_from(data)
    except Refusal as refusal:
        # What nobody has typed yet is not wrong.
        return {
            "told": refusal.message
            if data.get(refusal.field)
            else _("Fill in the rest, and what it comes to stands here.")
        }
    today = now().astimezone(zone).date()
    wrong = next(faults(rule, today), None)
    if wrong is not None:
        return {"told": wrong.told}
    ahead = ahead_words(rule, zone, floor_of(post.pk, rule))
    if ahead is None:
        return {"told": _("By this rule it never goes out from now on.")}
    moments = [one.moment for one in next_ones(rule, zone, floor_of(post.pk, rule), MOST)]
    standing = standing_series(member, post)
    short = short_of_places(post, moments, standing)
    near = too_near(post, moments, apart_of(rule), standing)
    return {
        "ahead": ahead,
        "words": rule_words(rule),
        "short": [short_words(one, zone) for one in short],
        "near": [(one.hit.other.delivery, ahead_near_words(one, zone)) for one in near],
    }


def recur_form(post: Post, series: Series | None, typed: QueryDict | None = None) -> dict[str, Any]:
    """What `publishing/_recur_fields.html` needs: the rule as it is typed, as it stands, or one that makes sense."""
    zone = post.brand.zone
    rule = series.rule if series else None
    wish = wished(post.planned_for, now()).astimezone(zone)
    given: dict[str, Any] = {
        "every": rule.every if rule else "week",
        "weekdays": [str(day) for day in (rule.weekdays if rule else ())] or [str(wish.weekday())],
        "interval": rule.interval if rule else 1,
        "month_day": rule.month_day if rule and rule.every == "month" else wish.day,
        "time": f"{rule.at:%H:%M}" if rule else wish.strftime("%H:%M"),
        "starts": (rule.starts if rule else wish.date()).isoformat(),
        "ends": _ends(rule),
        "until": rule.until.isoformat() if rule and rule.until else "",
        "times": rule.times or "" if rule else "",
    }
    if typed is not None:
        given |= {name: typed.get(name, "") for name in given} | {"weekdays": typed.getlist("weekdays")}
    return {"given": given, "week": [(str(day), day_name(day, short=True)) for day in range(7)]}


def _ends(rule: Rule | None) -> str:
    if rule is None or (rule.until is None and rule.times is None):
        return "never"
    return "on" if rule.until is not None else "after"


@members_only("post.read")
@require_GET
def series(request: MemberRequest, series_id: UUID) -> HttpResponse:
    """What is to come, what went out with its links, and the deeds."""
    return render(request, "publishing/series.html", _page(request, _series(request, series_id)))


@members_only("series.change")
@require_POST
def change(request: MemberRequest, series_id: UUID) -> HttpResponse:
    """Another rule from now on, with the words as they stand; what is wrong is said beside its field."""
    here = _series(request, series_id)
    try:
        change_series(request.member, series_id, rule_from(request.POST))
    except Refusal as refusal:
        if not refusal.field:
            raise
        page = _page(request, here, request.POST) | {"error": refusal.message, "wrong": refusal.field}
        return render(request, "publishing/series.html", page, status=422)
    messages.success(request, _("Changed from now on. What went out stays as it is."))
    return redirect("publishing:series", series_id)


@members_only("series.change")
@require_POST
def deed(request: MemberRequest, series_id: UUID, verb: str) -> HttpResponse:
    """One of `DEEDS`."""
    if verb not in DEEDS:
        raise Http404
    action, told = DEEDS[verb]
    _series(request, series_id)
    action(request.member, series_id)
    messages.success(request, str(told))
    return redirect("publishing:series", series_id)


def _series(request: MemberRequest, series_id: UUID) -> Series:
    try:
        found = series_for(request.member, series_id)
    except Series.DoesNotExist as error:
        raise Http404 from error
    if found.kind != SeriesKind.RECURRING:
        raise Http404
    return found


def _page(request: MemberRequest, here: Series, typed: QueryDict | None = None) -> dict[str, Any]:
    post = here.post
    if post is None:
        raise Http404
    ahead = list(coming(request.member, here).annotate(approved=HAS_YES))
    near = left_out_ahead(here, ahead)
    may_schedule = may(request.member, "delivery.schedule")
    past = list(gone(request.member, here)[: PAST_SHOWN + 1])
    return {
        "series": here,
        "post": post,
        "words": rule_words(here.rule),
        "coming": [
            (
                d,
                seen_state(d, here.brand.needs_approval),
                planned_near_words(near[d.pk]) if d.pk in near else "",
            )
            for d in ahead
        ],
        "near": {pk: hit.other.delivery for pk, hit in near.items()},
        "past": [(d, tell(d.reason, d.reason_params, d.account.channel)) for d in past[:PAST_SHOWN]],
        "put_back": {d.pk for d in past if may_schedule and skipped_still(d, here)},
        "more_past": len(past) > PAST_SHOWN,
        "differs": here.state != "ended" and words_differ(here),
        "may_change": may(request.member, "series.change"),
        "error": "",
        "wrong": "",
        **clocks(here.zone),
        **recur_form(post, here, typed),
    }
