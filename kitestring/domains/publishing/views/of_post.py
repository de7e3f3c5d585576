"""A post's deliveries as a part of the composer's page, and the verbs that start them: schedule, publish now."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for, variant_for
from kitestring.domains.publishing.actions.keep_evergreen import keep_evergreen
from kitestring.domains.publishing.actions.schedule import CHANGEABLE, TOLERANCE, publish_now, schedule_post
from kitestring.domains.publishing.actions.start_series import start_series
from kitestring.domains.publishing.actions.take_off import take_off
from kitestring.domains.publishing.forms import good_until_from, moment_from, rule_from
from kitestring.domains.publishing.models import Delivery, DeliveryState, Series
from kitestring.domains.publishing.queries.accounts import waits_of
from kitestring.domains.publishing.queries.deliveries import OVER
from kitestring.domains.publishing.queries.deliveries import of_post as deliveries_of_post
from kitestring.domains.publishing.queries.hours import FOR_A_YES
from kitestring.domains.publishing.queries.quota_notes import quota_notes
from kitestring.domains.publishing.queries.round_near import left_out_ahead
from kitestring.domains.publishing.queries.seen import chip_of, kept_back, on_its_way
from kitestring.domains.publishing.queries.series import coming, last_series
from kitestring.domains.publishing.queries.stock import evergreen_of
from kitestring.domains.publishing.queries.stripped import stripped
from kitestring.domains.publishing.queries.yes_asked import now_asks, yes_asked
from kitestring.domains.publishing.rules.again import again_words
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.recurrence_words import rule_words
from kitestring.domains.publishing.rules.stops import by_stop, stop_words
from kitestring.domains.publishing.rules.telling import tell_delivery
from kitestring.domains.publishing.rules.to_come import still_to_come, wished
from kitestring.domains.publishing.views.page import where
from kitestring.domains.publishing.views.series import recur_form
from kitestring.domains.reviewing.queries import is_approved
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.ui import formats
from kitestring.ui.marks import account_name

SOON: Final = 3  # of a series, in the dialog; its page has them all
JUDGED: Final = 24  # times to come, on any account, that are looked at to find them
MOVING: Final = (DeliveryState.SENDING, DeliveryState.PROCESSING)
# How what is left alone stands; any other state waits for a person.
LEFT: Final[dict[str, str]] = {
    DeliveryState.PUBLISHED: DeliveryState.PUBLISHED,
    DeliveryState.SENDING: DeliveryState.SENDING,
    DeliveryState.PROCESSING: DeliveryState.SENDING,
    DeliveryState.PARTLY_OUT: DeliveryState.SENDING,
    DeliveryState.UNKNOWN: DeliveryState.UNKNOWN,
}


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
    if _lacks_yes(post):
        text = f"{text} {_('It goes out only if this text is approved by then.')}"
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
    told = _("It goes out now.")
    if _lacks_yes(post):
        told = formats.sentences(_("It goes out as soon as it is approved."), now_asks(request.member, post))
    stops = by_stop(one.account for one in made)
    told = formats.sentences(told if "" in stops or _lacks_yes(post) else "", *stops)
    return _done(request, post, _with_left(request, post, told, made))


@members_only("series.change")
@require_POST
def recur(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Every account of the post, again and again by a rule; what is wrong with it is said beside its field."""
    post = _post(request, post_id)
    try:
        start_series(request.member, post, rule_from(request.POST))
    except Refusal as refusal:
        if not request.htmx:
            raise
        part = _part(request, post) | {
            "recur_error": refusal.message,
            "wrong": refusal.field,
            "side": "recur",
        }
        page = part | recur_form(post, None, request.POST)
        return render(request, "publishing/_of_post.html", page, status=422)
    return _done(request, post, _("It is recurring now. Each time has its own entry on the calendar."))


@members_only("series.change")
@require_POST
def keep(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Into the evergreen stock, good until a day or for good; again is another end. A day that is gone is said beside it."""
    post = _post(request, post_id)
    try:
        keep_evergreen(request.member, post, good_until_from(request.POST))
    except Refusal as refusal:
        if not request.htmx:
            raise
        said = {"keep_error": refusal.message, "kept": request.POST, "side": "evergreen"}
        return render(request, "publishing/_of_post.html", _part(request, post) | said, status=422)
    messages.success(
        request, _("It is in the evergreen stock now. An account’s slots take it when its turn comes.")
    )
    home = reverse("publishing:evergreen")
    return HttpResponse(headers={"HX-Redirect": home}) if request.htmx else redirect(home)


def _with_left(request: MemberRequest, post: Post, text: str, made: list[Delivery]) -> str:
    """`text`, and which accounts were left alone: because they have the post, may have it, or a person must look."""
    ours = {delivery.pk for delivery in made}
    once = deliveries_of_post(request.member, post).filter(series=None)
    left = [d for d in once if d.pk not in ours and d.state not in OVER]
    groups: dict[str, list[Delivery]] = {}
    for delivery in left:
        groups.setdefault(LEFT.get(delivery.state, ""), []).append(delivery)
    said = [_left(state, groups[state]) for state in (*dict.fromkeys(LEFT.values()), "") if state in groups]
    return format_html_join(formats.between_sentences(), "{}", ((sentence,) for sentence in (text, *said)))


def _left(state: str, there: list[Delivery]) -> str:
    """The sentence for what stands alike: out, on its way, in doubt, or (linked to its cure) waiting for a person."""
    names = _(", ").join(dict.fromkeys(account_name(d.account) for d in there))
    if state == DeliveryState.PUBLISHED:
        return _("Left as it is on %(accounts)s: it went there already.") % {"accounts": names}
    if state == DeliveryState.SENDING:
        return _("Left as it is on %(accounts)s: it is on its way there.") % {"accounts": names}
    if state == DeliveryState.UNKNOWN:
        told = _("Left as it is on %(accounts)s: nobody knows yet whether it went out there.")
        return told % {"accounts": names}
    told = _("Not sent anew on %(accounts)s: it waits for a person there. Open it to put it right.")
    linked = format_html_join(", ", '<a href="{}">{}</a>', map(_linked, there))
    return mark_safe(escape(told) % {"accounts": linked})  # noqa: S308 - both halves are escaped


def _linked(delivery: Delivery) -> tuple[str, str]:
    """Where it is cured, and its account with its state."""
    name = account_name(delivery.account)
    text = _("%(account)s (%(state)s)") % {"account": name, "state": delivery.get_state_display()}
    return reverse("publishing:delivery", args=[delivery.pk]), text


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
    part = _part(request, post, _typed(request, post))
    # The note under the hour says the same with who has the places: it is said once.
    told = refusal.reason == "quota_full" and any(note.use.full for note in part["notes"])
    page = {
        **part,
        "refused": told,
        "error": "" if told else refusal.message,
        "beside": refusal.field == "due_at",
        "typed": request.POST,
    }
    return render(request, "publishing/_of_post.html", page, status=422)


def _typed(request: MemberRequest, post: Post) -> datetime | None:
    try:
        return moment_from(request.POST, post.brand.zone)
    except Refusal:
        return None


def _done(request: MemberRequest, post: Post, text: str) -> HttpResponse:
    if request.htmx:
        answer = render(request, "publishing/_of_post.html", {**_part(request, post), "toast": text})
        answer.headers["HX-Trigger"] = json.dumps({"rescheduled": {}, "closeDialog": {"id": "schedule"}})
        return answer
    messages.success(request, text)
    home = where("composing:post", post.pk)
    return redirect(home) if home else redirect("web:calendar")


def _kept_by(delivery: Delivery) -> str:
    return stop_words(delivery.account) if kept_back(delivery) else ""


def leaving(post: Post, deliveries: list[Delivery]) -> list[Account]:
    """The accounts that "publish now" sends to: not where the post is out, on its way, or perhaps out already."""
    stuck = {d.account_id for d in deliveries if d.state not in (*OVER, *CHANGEABLE) or on_its_way(d)}
    open_ = {d.account_id for d in deliveries if d.state in CHANGEABLE}
    stuck |= {d.account_id for d in deliveries if d.state == "cancelled" and d.doubt_since} - open_
    variants = post.variants.select_related("account__brand", "account__workspace").order_by("id")
    return [variant.account for variant in variants if variant.account_id not in stuck]


def lacks_only_a_yes(deliveries: list[Delivery]) -> bool:
    """Whether the hour of some has passed because nobody approved them: a yes still lets them go."""
    return any(d.state == DeliveryState.NEEDS_ATTENTION and d.reason in FOR_A_YES for d in deliveries)


def _next_hours(member: Member, series: Series) -> tuple[list[datetime], bool]:
    """The next few at which something goes out, each once however many accounts it goes to; and whether there are times, and
    all of those will be left out.
    """
    planned = list(coming(member, series)[:JUDGED])
    left = left_out_ahead(series, planned)
    hours = list(dict.fromkeys(one.due_at for one in planned if one.pk not in left))[:SOON]
    return hours, bool(planned) and not hours


def _comes_round(request: MemberRequest, post: Post) -> dict[str, Any]:
    """By which rule, when next, and whether it stands in the stock."""
    series = last_series(request.member, post)
    hours, left = _next_hours(request.member, series) if series else ([], False)
    return {
        "series": series,
        "series_words": rule_words(series.rule) if series else "",
        "series_next": hours,
        "series_left": left,
        "evergreen": evergreen_of(request.member, post),
    }


def _part(request: MemberRequest, post: Post, asked: datetime | None = None) -> dict[str, Any]:
    """`asked`: the hour somebody typed, where it was one."""
    everything = list(deliveries_of_post(request.member, post))
    deliveries = [d for d in everything if d.series_id is None]
    zone = post.brand.zone
    waits = waits_of(request.member, (d.account_id for d in deliveries))
    standing = [
        still_to_come(d.due_at, now(), waits.get(d.account_id))
        for d in deliveries
        if d.state in CHANGEABLE and not on_its_way(d)
    ]
    leaves = leaving(post, deliveries)
    wish = standing[0] if standing else wished(post.planned_for, now())
    lacks, may_ask = _lacks_yes(post), may(request.member, "approval.ask")
    late = yes_asked(request.member, deliveries, zone)
    return {
        "post": post,
        "leaving": leaves,
        "by_stop": by_stop(leaves),
        "stripped": stripped(post, leaves, request.member.language),
        # Not under the hand of who fills in the form.
        "asks_again": not leaves and any(on_its_way(d) for d in deliveries),
        "deliveries": [
            (
                d,
                chip_of(d) if d.state not in MOVING else d.state,
                formats.sentences(
                    _kept_by(d) or late.get(d.pk) or tell_delivery(d),
                    again_words(d, waits.get(d.account_id), now(), zone),
                ),
            )
            for d in deliveries
        ],
        **clocks(zone),
        "day": wish.astimezone(zone).date().isoformat(),
        "time": wish.astimezone(zone).strftime("%H:%M"),
        "may_schedule": may(request.member, "delivery.schedule"),
        "open": bool(standing),
        "notes": quota_notes(request.member, post, asked or wish, all_at=True),
        "side": "when",
        **_comes_round(request, post),
        "may_recur": may(request.member, "series.change"),
        "has_accounts": post.variants.exists(),
        **recur_form(post, None),
        "lacks_yes": lacks,
        "whose_yes": now_asks(request.member, post) if lacks else "",
        "asks_late": may_ask and lacks and not late and lacks_only_a_yes(deliveries),
        "waits_for_yes": TOLERANCE,
    }


def _lacks_yes(post: Post) -> bool:
    """Whether nothing of it leaves before somebody approves the words as they stand."""
    return post.brand.needs_approval and not is_approved(post)
