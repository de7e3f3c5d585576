"""What of a series lies too near to another post and would be left out: of a rule that is typed, and of what is planned.

It foresees what `TOO_CLOSE` in `models/judging.py` decides when the hour comes. Nothing is saved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import variants_of
from kitestring.domains.publishing.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Series,
    SeriesKind,
    SeriesState,
)
from kitestring.domains.publishing.queries.series import AHEAD
from kitestring.domains.publishing.rules.recurrence import moment_of
from kitestring.kit.clock import now

PLANNED: Final = (*AHEAD, "handed_off")


@dataclass(frozen=True)
class Other:
    """Another post on an account. `keeps`: a person planned it, so it goes out whatever comes round before it. No `delivery`:
    it is an earlier time of the same series.
    """

    at: datetime
    delivery: UUID | None = None
    name: str = ""
    same: bool = True
    keeps: bool = False


@dataclass(frozen=True)
class Hit:
    """A time at `moment` that would be left out because of `other`: at least `wants` seconds must lie between them."""

    moment: datetime
    other: Other
    wants: int

    @property
    def gap(self) -> int:
        """Seconds from the time to the other; below 0 where that one comes before."""
        return int((self.other.at - self.moment).total_seconds())


@dataclass(frozen=True)
class Near:
    """Of `of` times on the account `count` would be left out, the first of them as `hit` says."""

    account: Account
    count: int
    of: int
    hit: Hit


def too_near(post: Post, moments: Sequence[datetime], own_apart: int, standing: Series | None) -> list[Near]:
    """Each account on which some of `moments` (in order) would be left out. `own_apart`: the least seconds between two
    times of the same post. What `standing` has planned does not count: it makes way.
    """
    found = []
    for variant in variants_of(post) if moments else ():
        left = list(_left_out(post.pk, variant.account, moments, own_apart, standing))
        if left:
            found.append(Near(variant.account, len(left), len(moments), left[0]))
    return found


def left_out_ahead(series: Series, planned: Iterable[Delivery]) -> dict[UUID, Hit]:
    """Which of the deliveries a running series has `planned` (in order) will be left out, as things stand."""
    if series.post_id is None or series.state != SeriesState.RUNNING:
        return {}
    by_account: dict[Account, list[Delivery]] = defaultdict(list)
    for one in planned:
        if one.state == DeliveryState.SCHEDULED and one.due_at > now():
            by_account[one.account].append(one)
    found: dict[UUID, Hit] = {}
    for account, rows in by_account.items():
        moments = [one.due_at for one in rows]
        left = {
            hit.moment: hit for hit in _left_out(series.post_id, account, moments, series.same_apart, series)
        }
        found |= {one.pk: left[one.due_at] for one in rows if one.due_at in left}
    return found


def left_out_on(account: Account) -> int:
    """How many times of recurring posts that are planned on an account will be left out there, as things stand."""
    rows = Delivery.objects.filter(account=account, series__kind=SeriesKind.RECURRING, due_at__gt=now())
    rows = rows.filter(state=DeliveryState.SCHEDULED, series__state=SeriesState.RUNNING)
    by_series: dict[Series, list[Delivery]] = defaultdict(list)
    for one in rows.select_related("series", "account").order_by("due_at", "id"):
        if one.series is not None:
            by_series[one.series].append(one)
    return sum(len(left_out_ahead(series, planned)) for series, planned in by_series.items())


def _left_out(
    post_id: UUID, account: Account, moments: Sequence[datetime], own_apart: int, standing: Series | None
) -> Iterator[Hit]:
    """What goes out of them keeps the next one away."""
    others = list(_others(post_id, account, moments, own_apart, standing))
    last: list[Other] = []
    for moment in (one.astimezone(UTC) for one in moments):  # two of one zone differ by what its clocks show
        hit = _hit(moment, chain(others, last), account.apart, own_apart)
        if hit:
            yield hit
        else:
            last = [Other(moment.replace(second=0, microsecond=0))]


def _hit(moment: datetime, others: Iterable[Other], apart: int, own_apart: int) -> Hit | None:
    """The nearest that would take its place, and the distance that is asked."""
    hits = [Hit(moment, o, wants) for o in others if (wants := _wants(moment, o, apart, own_apart))]
    return min(hits, key=lambda hit: abs(hit.gap), default=None)


def _wants(moment: datetime, other: Other, apart: int, own_apart: int) -> int:
    """The distance that lies between them and may not; 0 where they stand as they may."""
    gap = (moment - other.at).total_seconds()
    if gap < 0:
        return apart if other.keeps and -gap < apart else 0
    wants = max(apart, own_apart) if other.same else apart
    return wants if gap < wants else 0


def _others(
    post_id: UUID, account: Account, moments: Sequence[datetime], own_apart: int, standing: Series | None
) -> Iterator[Other]:
    reach = timedelta(seconds=max(account.apart, own_apart))
    near = (moments[0] - reach, moments[-1] + reach)
    rows = Delivery.objects.filter(account=account, kind=DeliveryKind.VARIANT)
    out = Q(counted_at__range=near) | Q(published_at__range=near)
    rows = rows.filter(out | Q(counted_at=None, published_at=None, state__in=PLANNED, due_at__range=near))
    for row in rows.select_related("series"):
        out_at = row.counted_at or row.published_at
        if out_at is None and _makes_way(row, standing):
            continue
        at = (out_at or row.due_at).replace(second=0, microsecond=0)
        same = row.subject_id == post_id
        yield Other(at, row.pk, _name(row.payload), same, keeps=out_at is None and row.series_id is None)


def _makes_way(row: Delivery, standing: Series | None) -> bool:
    """What `standing` has planned itself; and what an evergreen slot took, as long as it stands at the slot's own hour."""
    series = row.series
    if series is None:
        return False
    if standing is not None and series.pk == standing.pk:
        return True
    if series.kind != SeriesKind.EVERGREEN:
        return False
    slot = moment_of(datetime.fromisoformat(row.occurrence), ZoneInfo(series.zone_key))
    return row.due_at == slot or row.state == DeliveryState.HELD


def _name(payload: dict[str, Any]) -> str:
    return str(payload.get("title") or payload.get("text") or "")[:80]
