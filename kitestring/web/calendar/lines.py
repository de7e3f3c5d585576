"""The campaigns' lines over the weeks, and how much of each quota is used at a day's foot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from kitestring.connectorkit.manifest import Quota
from kitestring.domains.channels.models import Account
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.queries.quotas import Place
from kitestring.domains.publishing.rules.periods import CALENDAR, governs, quotas_for, window_of, zone_of
from kitestring.domains.publishing.rules.telling import manifest_of

LINES = 2


@dataclass(frozen=True)
class Bar:
    """A campaign in one week: columns 1..7, whether it begins and ends there, in which of the lines it lies.

    `named`: its name stands here, where it begins or is first seen; later weeks draw it as a thin line.
    """

    campaign: Campaign
    start: int
    end: int
    begins: bool
    ends: bool
    line: int
    named: bool


def bars_of(campaigns: Sequence[Campaign], week: Sequence[date], seen_from: date) -> list[Bar]:
    """The campaigns that touch a week, at most `LINES` of them one under the other. `seen_from`: the first day drawn."""
    bars: list[Bar] = []
    taken: dict[int, int] = {}
    for one in sorted(campaigns, key=lambda c: (c.starts_on or date.min, c.name)):
        first, last = one.starts_on, one.ends_on or one.starts_on
        if first is None or last is None or last < week[0] or first > week[-1]:
            continue
        start = max((first - week[0]).days, 0) + 1
        end = min((last - week[0]).days, 6) + 1
        line = next((n for n in range(LINES) if taken.get(n, 0) < start), None)
        if line is None:
            continue
        taken[line] = end
        begins = first >= week[0]
        named = begins or week[0] <= seen_from
        bars.append(Bar(one, start, end, begins, last <= week[-1], line, named))
    return bars


@dataclass(frozen=True)
class Foot:
    """One figure at a day's foot: `count` of `limit` once this day's are out."""

    name: str
    count: int
    limit: int
    source: str

    @property
    def full(self) -> bool:
        return self.count >= self.limit


def since(accounts: Iterable[Account], start: datetime) -> datetime:
    """From when on places have to be counted, for the figures of the days from `start` on: its period's beginning."""
    found = [window_of(q.window, start, zone_of(q, a.brand.zone))[0] for a in accounts for q in _quotas(a)]
    return min(found, default=start)


def counting(accounts: Iterable[Account]) -> list[UUID]:
    """The accounts with a quota by the calendar's day or month."""
    return [account.pk for account in accounts if _quotas(account)]


def feet_of(
    places: Iterable[Place], accounts: Mapping[UUID, Account], zone: ZoneInfo, first: date
) -> dict[date, list[Foot]]:
    """By day from `first` on: each quota of a calendar day or month that something of that day draws on, up to it."""
    counted: Counter[tuple[UUID, str, str, datetime]] = Counter()
    feet: dict[date, dict[tuple[UUID, str, str], Foot]] = defaultdict(dict)
    drawn: dict[tuple[UUID, str], list[Quota]] = {}
    for place in places:
        account = accounts[place.account]
        known = (place.account, place.kind)
        if known not in drawn:
            drawn[known] = _quotas(account, place.kind)
        day = place.at.astimezone(zone).date()
        for quota in drawn[known]:
            key = (account.pk, quota.key, quota.window)
            period = window_of(quota.window, place.at, zone_of(quota, zone))[0]
            counted[(*key, period)] += 1
            if day >= first:
                count = counted[(*key, period)]
                feet[day][key] = Foot(account.name or account.handle, count, quota.limit, quota.source)
    return {day: list(found.values()) for day, found in feet.items()}


def _quotas(account: Account, kind: str | None = None) -> list[Quota]:
    """Those of an account that run by the calendar; with `kind` only what this way of publishing draws on."""
    manifest = manifest_of(account.channel)
    if manifest is None:
        return []
    if kind is None:
        found = [q for q in manifest.quotas if governs(q, account.account_type)]
    else:
        found = quotas_for(manifest, account.account_type, kind)
    return [q for q in found if q.window in CALENDAR]
