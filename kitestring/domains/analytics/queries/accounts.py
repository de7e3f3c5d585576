"""Reads of the accounts' own numbers: the line of each, its newest value, what it was a week and a month before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from kitestring.connectorkit import registry
from kitestring.domains.analytics.models import AccountSample, AccountWatch
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import accounts_at_work, accounts_of
from kitestring.domains.workspaces.models import Member

SHOWN: Final = timedelta(days=35)  # the picture, and a month before the newest value with a few days of grace
WEEK, MONTH = timedelta(days=7), timedelta(days=30)
GRACE: Final = {WEEK: timedelta(days=2), MONTH: timedelta(days=5)}
MOST_ACCOUNTS: Final = 500


@dataclass(frozen=True)
class Number:
    """One number of an account. `newest` None: never read. `week`, `month`: what it was then; None: not read then.

    `points` are (day, value) of the last weeks, oldest first, without the days on which none was given.
    """

    metric: str
    newest: AccountSample | None
    week: float | None
    month: float | None
    points: Sequence[tuple[date, float]]

    @property
    def value(self) -> float | None:
        return self.newest.value if self.newest else None


def counted(account: Account) -> list[str]:
    """Which numbers the account's channel states, in its order."""
    connector = registry.connectors().get(account.channel)
    return [fact.key for fact in connector.manifest.account_metrics] if connector else []


def accounts_with_numbers(member: Member, brand: Brand) -> list[Account]:
    """The brand's accounts whose channel states numbers of the account itself."""
    return [account for account in accounts_of(member, brand) if counted(account)]


def numbers_of(accounts: Iterable[Account], today: date) -> dict[UUID, list[Number]]:
    """The numbers of these accounts, in their channel's order."""
    wanted = {account.pk: counted(account) for account in accounts}
    rows = AccountSample.objects.filter(account__in=list(wanted), day__gt=today - SHOWN - MONTH)
    read: dict[tuple[UUID, str], list[AccountSample]] = defaultdict(list)
    for row in rows.order_by("day", "id"):
        read[row.account_id, row.metric].append(row)
    return {pk: [_number(key, read[pk, key]) for key in keys] for pk, keys in wanted.items()}


def _number(metric: str, rows: Sequence[AccountSample]) -> Number:
    if not rows:
        return Number(metric, None, None, None, ())
    newest = rows[-1]
    given = [(row.day, row.value) for row in rows if row.value is not None]
    points = [point for point in given if point[0] > newest.day - SHOWN]
    return Number(metric, newest, _then(given, newest.day, WEEK), _then(given, newest.day, MONTH), points)


def _then(given: Sequence[tuple[date, float]], day: date, span: timedelta) -> float | None:
    """The value of the nearest day so long before, a few days older at most; never a younger one."""
    before = [value for at, value in given if day - span - GRACE[span] <= at <= day - span]
    return before[-1] if before else None


def readings_between(accounts: Iterable[Account], first: date, last: date) -> dict[UUID, list[AccountSample]]:
    """What was read of these accounts from `first` to `last`, values and refusals, oldest first."""
    found: dict[UUID, list[AccountSample]] = defaultdict(list)
    rows = AccountSample.objects.filter(account__in=list(accounts), day__gte=first, day__lte=last)
    for row in rows.order_by("day", "id"):
        found[row.account_id].append(row)
    return found


def account_watch(account: Account) -> AccountWatch | None:
    return AccountWatch.objects.filter(account=account).first()


def accounts_due(moment: datetime) -> list[Account]:
    """For the worker: accounts whose numbers are to be read now, and those that were never asked."""
    able = [slug for slug, c in registry.connectors().items() if c.account_numbers is not None]
    rows = accounts_at_work().filter(channel__in=able)
    return list(rows.exclude(numbers_watch__next_at__gt=moment).order_by("id")[:MOST_ACCOUNTS])


def account_samples(member: Member, brand: Brand) -> Iterator[AccountSample]:
    """Every number of the brand's accounts, account by account, oldest first, read in pieces."""
    found = AccountSample.objects.filter(account__brand=brand, account__workspace_id=member.workspace_id)
    rows = found.select_related("account").order_by("account_id", "day", "metric", "id")
    return rows.iterator(chunk_size=2000)
