"""How much of each account's quota is used and planned, counted from the ledger in the platform's own days and months."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import get_language

from kitestring.connectorkit.manifest import Manifest, Quota
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import presences, same_presence
from kitestring.domains.publishing.models import Delivery, Part
from kitestring.domains.publishing.rules.periods import (
    LIVE,
    PENDING,
    SPANS,
    drawn_at,
    fullest,
    governs,
    kinds_on,
    window_of,
    zone_of,
)
from kitestring.domains.publishing.rules.telling import manifest_of
from kitestring.kit.clock import now
from kitestring.kit.rows import rows


class Place(NamedTuple):
    """One place in a quota: the delivery that has it (`taken`) or will have it at its hour."""

    delivery: UUID
    account: UUID
    kind: str
    at: datetime
    taken: bool


@dataclass(frozen=True)
class Use:
    """`used` of `limit` in the window that holds a moment; `planned` more are scheduled in it. By whom: `places`."""

    account: Account
    label: str
    quota: Quota
    zone: ZoneInfo
    starts: datetime
    ends: datetime
    places: list[Place] = field(default_factory=list)

    @property
    def used(self) -> int:
        return sum(1 for place in self.places if place.taken)

    @property
    def planned(self) -> int:
        return len(self.places) - self.used

    @property
    def limit(self) -> int:
        return self.quota.limit

    @property
    def source(self) -> str:
        return self.quota.source

    @property
    def full(self) -> bool:
        return len(self.places) >= self.limit

    @property
    def free_from(self) -> datetime:
        """From when on there is a place again: the next day or month; of a rolling span, when the oldest leaves it."""
        span = SPANS.get(self.quota.window)
        if span is None or not self.full:
            return self.ends
        return self.places[-self.limit].at + span


def quota_use(accounts: Iterable[Account], at: datetime | None = None) -> list[Use]:
    """Every quota that governs these accounts, at a moment (default now). Accounts need their brand loaded."""
    return [
        use_of(account, quota, manifest, at or now())
        for account in accounts
        if (manifest := manifest_of(account.channel)) is not None
        for quota in manifest.quotas
        if governs(quota, account.account_type)
    ]


def use_of(
    account: Account,
    quota: Quota,
    manifest: Manifest,
    at: datetime,
    *,
    without: UUID | None = None,
    ahead: bool = False,
) -> Use:
    """One quota of one account in the window that holds `at`. `without`: a delivery that is left out of the count.

    `ahead`: somebody would like to take a place at `at`. Then the fullest window that this place would lie in.
    """
    zone, kinds = zone_of(quota, account.brand.zone), kinds_on(manifest, quota)
    start, end = window_of(quota.window, at, zone)
    found = places_between([account], start, end + SPANS.get(quota.window, timedelta()))
    mine = [place for place in found if place.kind in kinds and place.delivery != without]
    if ahead:
        start, end = window_of(quota.window, fullest(quota.window, at, [p.at for p in mine]), zone)
    places = [place for place in mine if start <= place.at < end]
    return Use(account, quota.label.in_(get_language() or "en"), quota, zone, start, end, places)


def overfull(
    account: Account, quota: Quota, manifest: Manifest, moved: Mapping[UUID, datetime]
) -> Use | None:
    """The first window that holds one of `moved` (delivery: its hour) and more than the quota has places; None if none."""
    first, last = min(moved.values()), max(moved.values())
    zone, kinds = zone_of(quota, account.brand.zone), kinds_on(manifest, quota)
    start, end = window_of(quota.window, first, zone)[0], window_of(quota.window, last, zone)[1]
    mine = [place for place in places_between([account], start, end) if place.kind in kinds]
    for place in (one for one in mine if one.delivery in moved):
        opens, closes = window_of(quota.window, place.at, zone)
        inside = [one for one in mine if opens <= one.at < closes]
        if len(inside) > quota.limit:
            label = quota.label.in_(get_language() or "en")
            return Use(account, label, quota, zone, opens, closes, inside)
    return None


def places_between(accounts: Iterable[Account], start: datetime, end: datetime) -> list[Place]:
    """Every place that these accounts' deliveries, answers too, have or will have in [start, end); in order.

    Each later part of a sequence takes one of its own, as the answer it is, from when it is sent. What the same presence
    publishes for another brand draws on the same quota: it is a place of each account asked for.
    """
    counted = Q(counted_at__gte=start, counted_at__lt=end)
    live = Q(counted_at=None, state__in=LIVE, published_at__gte=start, published_at__lt=end)
    planned = Q(counted_at=None, state__in=PENDING, due_at__gte=start, due_at__lt=end)
    shared = same_presence(account.pk for account in accounts)
    found = Delivery.objects.filter(account_id__in=shared).filter(counted | live | planned)
    columns = ("id", "account_id", "publish_kind", "state", "counted_at", "published_at", "due_at")
    places = []
    for pk, account, kind, *when in found.values_list(*columns):
        drawn = drawn_at(*when)
        if drawn is not None:
            places += [Place(pk, asked, kind, *drawn) for asked in shared[account]]
    parts = Part.objects.filter(account_id__in=shared, counted_at__gte=start, counted_at__lt=end)
    for pk, account, at in parts.values_list("delivery_id", "account_id", "counted_at"):
        if at is not None:
            places += [Place(pk, asked, "reply", at, taken=True) for asked in shared[account]]
    return sorted(places, key=lambda place: (place.at, place.delivery))


def hold_places(accounts: Iterable[UUID]) -> None:
    """Whoever plans on these accounts, or on the same presence for another brand, takes turns to the end of the
    transaction: two cannot both take the last place.

    A lock of its own and not the accounts' rows: the worker holds those while it waits for deliveries. In one order.
    """
    for one in sorted(presences(accounts)):
        rows("SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))) q", f"quota {one}")
