"""The accounts' own numbers: a small line each, what they were a week and a month ago, and what they count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import AccountMetric
from kitestring.connectorkit.sentences import sentence
from kitestring.domains.analytics.queries.accounts import (
    Number,
    account_samples,
    account_watch,
    accounts_with_numbers,
    numbers_of,
)
from kitestring.domains.analytics.queries.reasons import first_sentence
from kitestring.domains.analytics.rules import account_metric_means, metric_name
from kitestring.domains.analytics.views.results import as_csv
from kitestring.domains.analytics.views.sheet import account_lines
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account as account_for
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.clock import now
from kitestring.ui.formats import sentences
from kitestring.ui.numbers import number

WIDE, HIGH, EDGE = 96.0, 24.0, 2.0
ENOUGH: Final = 2  # points that make a line


@dataclass(frozen=True)
class Row:
    """A number as the page shows it. `line`: the path of its small picture, "" where there is none to draw."""

    name: str
    means: str
    value: float | None
    why: str
    week: str
    month: str
    line: str
    end: tuple[float, float] | None
    said: str
    fact: AccountMetric | None
    day: Any


def rows_of(account: Account, numbers: Iterable[Number], language: str) -> list[Row]:
    connector = registry.connectors().get(account.channel)
    facts: dict[str, AccountMetric] = (
        {f.key: f for f in connector.manifest.account_metrics} if connector else {}
    )
    return [_row(account, one, facts.get(one.metric), language) for one in numbers]


def _row(account: Account, one: Number, fact: AccountMetric | None, language: str) -> Row:
    line, end = drawn(one)
    field = _("By the channel’s field “%(field)s”.") % {"field": fact.field} if fact else ""
    means = sentences(account_metric_means(one.metric), field)
    return Row(
        name=metric_name(one.metric),
        means=means,
        value=one.value,
        why=_why(account, one, language),
        week=change(one.value, one.week),
        month=change(one.value, one.month),
        line=line,
        end=end,
        said=_("%(first)s to %(last)s in %(n)s readings")
        % {"first": number(one.points[0][1]), "last": number(one.points[-1][1]), "n": len(one.points)}
        if line
        else "",
        fact=fact,
        day=one.newest.day if one.newest else None,
    )


def _why(account: Account, one: Number, language: str) -> str:
    """Why there is no value; "" where there is one."""
    if one.value is not None:
        return ""
    if one.newest is None:
        return _("not read yet")
    connector = registry.connectors().get(account.channel)
    if one.newest.why and connector is not None:
        return first_sentence(sentence(one.newest.why, {}, language, connector.manifest))
    return _("not given by the channel")


def change(value: float | None, before: float | None) -> str:
    """ "+12", "−3", "±0"; "" where one of the two is not known."""
    if value is None or before is None:
        return ""
    by = value - before
    if round(by) == 0:
        return "±0"
    return f"{'+' if by > 0 else '−'}{number(abs(by), 0)}"


def drawn(one: Number) -> tuple[str, tuple[float, float] | None]:
    """The line of the last weeks in a box of 96 by 24, and its end; none for fewer than two readings."""
    if len(one.points) < ENOUGH:
        return "", None
    first, last = one.points[0][0], one.points[-1][0]
    values = [value for _day, value in one.points]
    low, span = min(values), (max(values) - min(values)) or 1.0
    days = (last - first).days or 1

    def place(day: Any, value: float) -> tuple[float, float]:
        x = EDGE + (WIDE - 2 * EDGE) * (day - first).days / days
        y = HIGH - EDGE - (HIGH - 2 * EDGE) * (value - low) / span if max(values) > low else HIGH / 2
        return round(x, 1), round(y, 1)

    spots = [place(day, value) for day, value in one.points]
    return "M" + "L".join(f"{x} {y}" for x, y in spots), spots[-1]


@members_only("results.read")
@require_GET
def of_account(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """The part of an account's page: its own numbers."""
    found = account_for(request.member, account_id)
    today = now().astimezone(found.brand.zone).date()
    watch = account_watch(found)
    language = get_language() or "en"
    page = {
        "of": found,
        "rows": rows_of(found, numbers_of([found], today)[found.pk], language),
        "watch": watch,
        "zone": found.brand.timezone,
    }
    return render(request, "analytics/_of_account.html", page)


@members_only("results.read")
@require_GET
def of_brand(request: MemberRequest) -> HttpResponse:
    """The part of the page of results: each account that has numbers of its own."""
    return render(request, "analytics/_accounts.html", {"accounts": _of_brand(request)})


def _of_brand(request: MemberRequest) -> list[dict[str, Any]]:
    """Of each account the first number that its channel gives; the others stand on the account's page."""
    if request.brand is None:
        return []
    accounts = accounts_with_numbers(request.member, request.brand)
    found = numbers_of(accounts, now().astimezone(request.brand.zone).date())
    language = get_language() or "en"
    first = {
        one.pk: next((n for n in found[one.pk] if n.value is not None), found[one.pk][0]) for one in accounts
    }
    return [{"account": one, "row": rows_of(one, [first[one.pk]], language)[0]} for one in accounts]


@members_only("results.read")
@require_GET
def as_sheet(request: MemberRequest) -> HttpResponseBase:
    """Every number of the brand's accounts by day as CSV, as it was read."""
    kept: Iterator[Any] = account_samples(request.member, request.brand) if request.brand else iter(())
    return as_csv(account_lines(kept), "accounts.csv")
