"""The brand's evergreen stock, each account's slots, what they take next and why one stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.fill_slots import Empty, empty_slots
from kitestring.domains.publishing.actions.keep_evergreen import drop_evergreen
from kitestring.domains.publishing.actions.put_back import skipped_still
from kitestring.domains.publishing.actions.set_apart import set_apart
from kitestring.domains.publishing.actions.set_slots import DAYS_APART, set_slots
from kitestring.domains.publishing.forms import number_from, slots_from
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.round_near import left_out_on
from kitestring.domains.publishing.queries.series import coming, skipped_ahead
from kitestring.domains.publishing.queries.stock import (
    approved_of,
    last_out_of,
    rotation_of,
    stock_visible_to,
)
from kitestring.domains.publishing.rules.near_words import empty_near_words
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.recurrence_words import day_name
from kitestring.domains.publishing.rules.rotation_words import empty_words
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal


@dataclass(frozen=True)
class Ahead:
    """One slot to come: what it takes, or why nothing; `near`: the post for which it stays empty; `back`: somebody skipped it,
    and the slot would take it again.
    """

    at: datetime
    delivery: Delivery | None
    why: str = ""
    near: UUID | None = None
    back: bool = False


@dataclass(frozen=True)
class Turn:
    """An account with its slots: key and words of each; `ahead` by hour."""

    account: Account
    series: Series | None
    slots: list[tuple[str, str]]
    days_apart: int
    ahead: list[Ahead]


@members_only("post.read")
@require_GET
def evergreen(request: MemberRequest) -> HttpResponse:
    """The stock, and below it each account."""
    return render(request, "publishing/evergreen.html", _page(request))


@members_only("series.change")
@require_POST
def drop(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Out of the stock; the post stays."""
    drop_evergreen(request.member, _post(request, post_id))
    messages.success(request, _("Taken out of the stock. The post is kept."))
    return redirect("publishing:evergreen")


@members_only("series.change")
@require_POST
def slots(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """More slots (`weekdays` and `time`), one fewer (`remove`), or another distance (`days_apart`)."""
    account = _account(request, account_id)
    series = rotation_of(request.member, account)
    have = {(day, time.fromisoformat(at)) for day, at in (series.slots if series else ())}
    try:
        less, more = slots_from(request.POST, needed=not have)
        days = number_from(request.POST.get("days_apart") or str(_days(series)), "days_apart")
        set_slots(request.member, account_id, (have - less) | more, days)
    except Refusal as refusal:
        return _refused(request, account_id, refusal)
    messages.success(request, _("Saved. The slots from now on follow it."))
    return redirect("publishing:evergreen")


@members_only("series.change")
@require_POST
def apart(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """How far from any other post what comes round lies there (`minutes_apart`)."""
    account = _account(request, account_id)
    try:
        minutes = number_from(request.POST.get("minutes_apart", ""), "minutes_apart")
        told = _kept(set_apart(request.member, account.pk, minutes))
    except Refusal as refusal:
        return _refused(request, account_id, refusal)
    messages.success(request, told)
    return redirect("publishing:evergreen")


def _kept(account: Account) -> str:
    """What is said of a distance: also that some recurring times, made already, will be left out for it."""
    told = _("Saved. What comes round from now on keeps this distance.")
    left = left_out_on(account)
    if not left:
        return told
    more = ngettext(
        "%(n)s recurring time lies too near to another post and will be left out; the page of its series names that post.",
        "%(n)s recurring times lie too near to another post and will be left out; the pages of their series name those posts.",
        left,
    )
    return f"{told} {more % {'n': left}}"


def _account(request: MemberRequest, account_id: UUID) -> Account:
    account = next((a for a in accounts_of(request.member, request.brand) if a.pk == account_id), None)
    if account is None:
        raise Http404
    return account


def _refused(request: MemberRequest, account_id: UUID, refusal: Refusal) -> HttpResponse:
    """The page again, with what is wrong beside its field."""
    if not refusal.field:
        raise refusal
    page = _page(request) | {"wrong": account_id, "field": refusal.field, "error": refusal.message}
    return render(request, "publishing/evergreen.html", page, status=422)


def _post(request: MemberRequest, post_id: UUID) -> Post:
    try:
        return post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error


def _page(request: MemberRequest) -> dict[str, Any]:
    brand: Brand | None = request.brand
    if brand is None:
        raise Http404
    stock = list(stock_visible_to(request.member, brand))
    posts = [one.post for one in stock]
    waits = {post.pk for post in posts} - approved_of(posts) if brand.needs_approval else set()
    last = last_out_of(request.member, [one.post_id for one in stock])
    return {
        "waits": waits,
        "stock": [(one, last.get(one.post_id)) for one in stock],
        "turns": [_turn(request, account) for account in accounts_of(request.member, brand)],
        "week": [(str(day), day_name(day, short=True)) for day in range(7)],
        "may_change": may(request.member, "series.change"),
        "may_schedule": may(request.member, "delivery.schedule"),
        "wrong": None,
        "field": "",
        "error": "",
        **clocks(brand.zone),
    }


def _turn(request: MemberRequest, account: Account) -> Turn:
    series = rotation_of(request.member, account)
    if series is None:
        return Turn(account, None, [], DAYS_APART, [])
    days = _days(series)
    ahead = [Ahead(one.due_at, one) for one in coming(request.member, series)]
    ahead += [Ahead(one.due_at, one, back=skipped_still(one, series)) for one in skipped_ahead(series)]
    ahead += [_empty(one, account, days) for one in empty_slots(series)]
    named = [(f"{day} {at}", f"{day_name(day, short=True)} {at}") for day, at in series.slots]
    return Turn(account, series, named, days, sorted(ahead, key=lambda one: one.at))


def _empty(empty: Empty, account: Account, days: int) -> Ahead:
    at, near = empty.slot.moment, empty.near
    if empty.fits:
        return Ahead(at, None, _("Empty until now. It is filled within the hour."))
    if near is None:
        return Ahead(at, None, empty_words(empty.whys, days))
    gap = (near.at - at).total_seconds()
    return Ahead(at, None, empty_near_words(near.name, gap, account.apart), near.delivery)


def _days(series: Series | None) -> int:
    return series.same_apart // 86400 if series else DAYS_APART
