"""Which period of a quota a moment lies in, and when a delivery takes its place: in the platform's own days and months."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kitestring.connectorkit.manifest import Manifest, Quota

PENDING: Final = ("scheduled", "held", "handed_off")
LIVE: Final = ("published", "withdrawn")
SPANS: Final = {"hour": timedelta(hours=1), "rolling_day": timedelta(hours=24)}
CALENDAR: Final = ("day", "month")


def quotas_for(manifest: Manifest, account_type: str, kind: str) -> list[Quota]:
    """Every quota that publishing this way draws on, for an account of this type."""
    try:
        key = manifest.kind(kind).quota
    except KeyError:
        return []
    return [q for q in manifest.quotas if key and q.key == key and governs(q, account_type)]


def governs(quota: Quota, account_type: str) -> bool:
    return not quota.account_types or account_type in quota.account_types


def kinds_on(manifest: Manifest, quota: Quota) -> set[str]:
    """The publish kinds that draw on a quota; "reply" and "message" are among them where answers do."""
    kinds = [*manifest.kinds, manifest.reply, manifest.message]
    return {kind.key for kind in kinds if kind is not None and kind.quota == quota.key}


def zone_of(quota: Quota, brand_zone: ZoneInfo) -> ZoneInfo:
    """Where the quota's days and months begin: the platform's midnight where it is known, else the brand's."""
    return ZoneInfo(quota.zone) if quota.zone else brand_zone


def drawn_at(
    state: str, counted_at: datetime | None, published_at: datetime | None, due_at: datetime
) -> tuple[datetime, bool] | None:
    """When a delivery takes its place in a quota, and whether it has it already; None when it takes none.

    A place once counted stays taken whatever the state says, a doubted or given up one too, until it is sure that
    nothing went out: the due hour counts by the same rule (`models/judging.py`).
    """
    if counted_at is not None:
        return counted_at, True
    if state in LIVE and published_at is not None:
        return published_at, True
    return (due_at, False) if state in PENDING else None


def window_of(window: str, at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[start, end) of the window that holds `at`: calendar day or month there, or rolling back from `at`."""
    if window in SPANS:
        return at - SPANS[window], at + timedelta(microseconds=1)
    there = at.astimezone(zone)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if window == "day":
        return midnight, (midnight + timedelta(days=1)).replace(fold=0)
    first = midnight.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def fullest(window: str, at: datetime, taken: list[datetime]) -> datetime:
    """Of all windows that a place at `at` would lie in, the moment at which the fullest one ends.

    A calendar's day or month holds it once; of a rolling span also those that end later, with what is planned by then.
    """
    if window not in SPANS:
        return at
    span = SPANS[window]
    ends = [at, *(moment for moment in taken if at < moment <= at + span)]
    return max(ends, key=lambda end: sum(1 for moment in taken if end - span <= moment <= end))
