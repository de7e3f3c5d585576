"""How much of each account's quota is used, counted from the ledger in the brand's own days and months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import get_language

from kitestring.connectorkit.manifest import Manifest, Quota
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.telling import manifest_of
from kitestring.kit.clock import now

PENDING = ("scheduled", "held", "handed_off")


@dataclass(frozen=True)
class Use:
    """`used` of `limit` in the window that holds a moment; `planned` more are scheduled in it."""

    account: Account
    label: str
    used: int
    planned: int
    limit: int
    window: str
    source: str
    ends: datetime | None

    @property
    def full(self) -> bool:
        return self.used + self.planned >= self.limit


def quota_use(accounts: Iterable[Account], at: datetime | None = None) -> list[Use]:
    """Every quota that governs these accounts, at a moment (default now). Accounts need their brand loaded."""
    return [
        use_of(account, quota, manifest, at or now())
        for account in accounts
        if (manifest := manifest_of(account.channel)) is not None
        for quota in manifest.quotas
        if not quota.account_types or account.account_type in quota.account_types
    ]


def use_of(account: Account, quota: Quota, manifest: Manifest, at: datetime) -> Use:
    """One quota of one account in the window that holds `at`."""
    kinds = [k.key for k in manifest.kinds if k.quota == quota.key]
    if manifest.reply is not None and manifest.reply.quota == quota.key:
        kinds.append("reply")
    start, end = window_of(quota.window, at, account.brand.zone)
    rows = Delivery.objects.filter(account=account, publish_kind__in=kinds)
    counted = Q(counted_at__gte=start) | Q(
        counted_at=None, state__in=["published", "withdrawn"], published_at__gte=start
    )
    before_end = Q(counted_at__lt=end) | Q(counted_at=None, published_at__lt=end)
    used = rows.filter(counted & before_end).count()
    planned = rows.filter(state__in=PENDING, due_at__gte=start, due_at__lt=end).count()
    label = quota.label.in_(get_language() or "en")
    return Use(account, label, used, planned, quota.limit, quota.window, quota.source, end)


def window_of(window: str, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[start, end) of the window that holds `at`: calendar day or month there, or rolling back from `at`."""
    there = at.astimezone(zone)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if window == "day":
        return midnight, (midnight + timedelta(days=1)).replace(fold=0)
    if window == "month":
        first = midnight.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1)
    back = timedelta(hours=1) if window == "hour" else timedelta(hours=24)
    return at - back, at + timedelta(microseconds=1)
