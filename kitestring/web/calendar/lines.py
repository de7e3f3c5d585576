"""The campaigns' lines over the weeks, and how much of each quota is used at a day's foot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from kitestring.domains.channels.models import Account
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.queries.calendar import Chip
from kitestring.domains.publishing.rules.telling import manifest_of

LINES = 2
COUNTED = frozenset(
    {"scheduled", "held", "sending", "processing", "published", "unknown", "withdrawn", "handed_off"}
)


@dataclass(frozen=True)
class Bar:
    """A campaign in one week: columns 1..7, whether it begins and ends there, in which of the lines it lies."""

    campaign: Campaign
    start: int
    end: int
    begins: bool
    ends: bool
    line: int


def bars_of(campaigns: Sequence[Campaign], week: Sequence[date]) -> list[Bar]:
    """The campaigns that touch a week, at most `LINES` of them one under the other."""
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
        bars.append(Bar(one, start, end, first >= week[0], last <= week[-1], line))
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


def monthly(accounts: Mapping[UUID, Account]) -> list[UUID]:
    """The accounts with a quota by the calendar month: what went out before the span counts for them too."""
    return [pk for pk, one in accounts.items() if any(k[1] == "month" for k in _quotas(one).values())]


def feet_of(
    chips: Iterable[Chip], accounts: Mapping[UUID, Account], zone: ZoneInfo, first: date
) -> dict[date, list[Foot]]:
    """By day from `first` on: each quota of a calendar day or month that something of that day draws on, up to it."""
    counted: Counter[tuple[UUID, str, date]] = Counter()
    feet: dict[date, dict[tuple[UUID, str], Foot]] = defaultdict(dict)
    quotas = {pk: _quotas(account) for pk, account in accounts.items()}
    for chip in chips:
        account = accounts.get(chip.account_id)
        known = quotas.get(chip.account_id, {}).get(chip.publish_kind)
        if account is None or known is None or chip.state not in COUNTED:
            continue
        key, window, limit, source = known
        day = chip.due_at.astimezone(zone).date()
        period = day if window == "day" else day.replace(day=1)
        counted[(account.pk, key, period)] += 1
        if day < first:
            continue
        count = counted[(account.pk, key, period)]
        feet[day][(account.pk, key)] = Foot(account.name or account.handle, count, limit, source)
    return {day: list(found.values()) for day, found in feet.items()}


def _quotas(account: Account) -> dict[str, tuple[str, str, int, str]]:
    """By publish kind: the quota's key, window, limit and source, for those that run by the calendar."""
    manifest = manifest_of(account.channel)
    if manifest is None:
        return {}
    by_key = {
        q.key: q
        for q in manifest.quotas
        if q.window in ("day", "month") and (not q.account_types or account.account_type in q.account_types)
    }
    return {
        kind.key: (kind.quota, by_key[kind.quota].window, by_key[kind.quota].limit, by_key[kind.quota].source)
        for kind in manifest.kinds
        if kind.quota in by_key
    }
