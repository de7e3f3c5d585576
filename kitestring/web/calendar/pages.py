"""The calendar's page: month, week or day on the desk, the list on the phone, filtered by account."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.domains.brands.doors import BrandRequest, brand_members_only
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.queries.calendar import chips_between, plans_between
from kitestring.domains.publishing.queries.quotas import places_between, quota_use
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.workspaces.permissions import may
from kitestring.kit import clock
from kitestring.ui.locales import week_start, weekdays
from kitestring.ui.marks import account_names
from kitestring.web.calendar import rows
from kitestring.web.calendar.chips import chip, shown_of
from kitestring.web.calendar.entries import Drawer, Entry, by_day, posts_of, why_they_stay
from kitestring.web.calendar.heads import nearest_full, some_of
from kitestring.web.calendar.lines import bars_of, counting, feet_of, since
from kitestring.web.calendar.marks import marks_of
from kitestring.web.calendar.span import VIEWS, Span, View, span_of, week_of
from kitestring.web.days.key import Country, country_of, key_days, lunar_of
from kitestring.web.days.lunar import lunar_day, lunar_words


@brand_members_only("post.read")
@require_GET
def calendar(request: BrandRequest) -> HttpResponse:
    """`?view=month|week|day|list&day=YYYY-MM-DD&account=ID` (account may repeat); what cannot be read is today's month."""
    zone = request.brand.zone
    today = clock.now().astimezone(zone).date()
    span = span_of(_view(request), _day(request, today), week_start())
    accounts = {account.pk: account for account in rows.accounts(request.member, request.brand)}
    chosen = [pk for pk in accounts if str(pk) in request.GET.getlist("account")]
    start, end = span.moments(zone)
    chips = chips_between(request.member, request.brand, start, end, chosen)
    counted = [accounts[pk] for pk in counting(accounts.values()) if pk in (chosen or accounts)]
    places = places_between(counted, since(counted, start), end) if counted else []
    plans = [] if chosen else plans_between(request.member, request.brand, start, end)
    marks = marks_of(accounts.values())
    drawer = Drawer(
        zone,
        marks,
        dict(zip(accounts, account_names(accounts.values()), strict=True)),
        asks=request.brand.needs_approval,
        may_move=may(request.member, "delivery.schedule"),
    )
    entries = drawer.entries(chips, plans)
    page = {
        **clocks(zone),
        **_frame(request, span, today, accounts, chosen),
        "used_by_day": feet_of(places, accounts, zone, span.first),
        "by_day": by_day(entries),
        "total": len(entries),
        "filtered": bool(chosen),
        "stays": why_they_stay(request.member, entries),
        "gone": sum(1 for e in entries if e.at.date() < today) if span.view != "list" else 0,
        "campaigns": rows.campaigns(request.member, request.brand, span.first, span.last),
        "uses": nearest_full(quota_use(accounts.values())),
        "posts_of": posts_of,
        "rounds": rows.paused_rounds(request.member, request.brand, chosen) if span.last >= today else [],
        "at_hour": at_hour,
        "chip": chip,
        "shown_of": len if span.view == "day" else shown_of,
        "hours": _hours(entries) if span.view in ("week", "day") else [],
        "may_schedule": may(request.member, "delivery.schedule"),
        "may_write": may(request.member, "post.write"),
        "marks": marks.drawings,
        "narrow": request.COOKIES.get("narrow") == "1",
        "the_list": f"?{request.GET.urlencode()}&part=list",
    }
    part = "web/calendar_list.html" if request.GET.get("part") == "list" else "web/calendar.html"
    return render(request, part, page)


def _view(request: BrandRequest) -> View:
    asked = request.GET.get("view", "month")
    return next((view for view in VIEWS if view == asked), "month")


def _day(request: BrandRequest, today: date) -> date:
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return asked if 1970 <= asked.year <= 2200 else today


def _frame(
    request: BrandRequest, span: Span, today: date, accounts: dict[UUID, Account], chosen: list[UUID]
) -> dict[str, Any]:
    """The head: where one is, back and forth, views and filters."""

    def link(view: str = span.view, day: date = span.day, only: list[UUID] = chosen) -> str:
        asked = [("view", view), ("day", day.isoformat()), *(("account", str(pk)) for pk in only)]
        return f"?{urlencode(asked)}"

    names = {"month": _("Month"), "week": _("Week"), "day": pgettext("calendar", "Day"), "list": _("List")}
    every = {"text": _("All accounts"), "href": link(only=[]), "on": not chosen, "count": len(accounts)}
    pills = []
    # The mark says the channel; the name is said whole only where two would look alike.
    alike = Counter((account.channel, account.name or account.handle) for account in accounts.values())
    for account, name in zip(accounts.values(), account_names(accounts.values()), strict=True):
        only, short = [account.pk], account.name or account.handle
        pills.append(
            {
                "text": name if alike[account.channel, short] > 1 else short,
                "href": link(only=only),
                "on": chosen == only,
                "mark": account,
                "attrs": {"title": name},
            }
        )
    shown, others = some_of(pills)
    reads = get_language() or "en"
    country = country_of(reads, request.brand.timezone)
    chinese, lunar_too = reads.startswith("zh"), bool(country) and not reads.startswith("en")
    return {
        "span": span,
        "today": today,
        "weekdays": weekdays(),
        "strip": span.days[:7] if span.view == "list" else week_of(_shown(span, today), week_start()),
        "lunar": partial(lunar_day, country=country, chinese=chinese) if lunar_too else None,
        "lunar_date": partial(_lunar_date, country=country) if lunar_too else None,
        "key_days": partial(key_days, country=country),
        "bars_of": bars_of,
        "before": link(day=span.before),
        "after": link(day=span.after),
        "to_today": link(day=today),
        "views": [{"text": names[v], "href": link(view=v), "on": v == span.view} for v in VIEWS],
        "pills": [every, *shown],
        "more_accounts": others,
        "day_link": link,
    }


def _shown(span: Span, today: date) -> date:
    """The day a view is about: the one asked for, in a month that holds today that one."""
    return today if span.view != "day" and span.first <= today <= span.last else span.day


def _lunar_date(day: date, country: Country) -> str:
    there = lunar_of(day, country)
    return lunar_words(there) if there else ""


def _hours(entries: list[Entry]) -> list[int]:
    """The hours a week's grid shows: the working day, and whatever lies outside it."""
    found = [entry.at.hour for entry in entries]
    return list(range(min([7, *found]), max([22, *found]) + 1))


def at_hour(entries: list[Entry], hour: int) -> list[Entry]:
    """The entries of a day that begin within an hour."""
    return [entry for entry in entries if entry.at.hour == hour]
