"""What a rule would find of other posts: which of its next times lie too near to one and would be left out. Nothing is saved.

It foresees what `TOO_CLOSE` in `models/judging.py` decides when the hour comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import variants_of
from kitestring.domains.publishing.models import Delivery, DeliveryKind, Series
from kitestring.domains.publishing.queries.series import AHEAD

PLANNED: Final = (*AHEAD, "handed_off")


@dataclass(frozen=True)
class Other:
    """Another post on an account. `keeps`: a person planned it, so it goes out whatever comes round before it."""

    delivery: UUID
    name: str
    at: datetime
    same: bool
    keeps: bool


@dataclass(frozen=True)
class Near:
    """Of `of` times on the account `count` would be left out; of the first, at `first`, `other` is the reason."""

    account: Account
    count: int
    of: int
    first: datetime
    other: Other
    wants: int

    @property
    def gap(self) -> int:
        """Seconds from the first to the other; below 0 where that one comes before."""
        return int((self.other.at - self.first).total_seconds())


def too_near(post: Post, moments: Sequence[datetime], own_apart: int, standing: Series | None) -> list[Near]:
    """Each account on which some of `moments` (in order) would be left out. `own_apart`: the least seconds between two
    times of the same post. What `standing` has planned does not count: it makes way.
    """
    found = []
    for variant in variants_of(post) if moments else ():
        account = variant.account
        others = list(_others(post, account, moments, own_apart, standing))
        left = [(one, hit) for one in moments if (hit := _hit(one, others, account.apart, own_apart))]
        if left:
            first, (other, wants) = left[0]
            found.append(Near(account, len(left), len(moments), first, other, wants))
    return found


def _hit(moment: datetime, others: Sequence[Other], apart: int, own_apart: int) -> tuple[Other, int] | None:
    """The nearest that would take its place, and the distance that is asked."""
    hits = [(other, wants) for other in others if (wants := _wants(moment, other, apart, own_apart))]
    return min(hits, key=lambda hit: abs(hit[0].at - moment), default=None)


def _wants(moment: datetime, other: Other, apart: int, own_apart: int) -> int:
    """The distance that lies between them and may not; 0 where they stand as they may."""
    gap = (moment - other.at).total_seconds()
    if gap < 0:
        return apart if other.keeps and -gap < apart else 0
    wants = max(apart, own_apart) if other.same else apart
    return wants if gap < wants else 0


def _others(
    post: Post, account: Account, moments: Sequence[datetime], own_apart: int, standing: Series | None
) -> Iterator[Other]:
    reach = timedelta(seconds=max(account.apart, own_apart))
    near = (moments[0] - reach, moments[-1] + reach)
    rows = Delivery.objects.filter(account=account, kind=DeliveryKind.VARIANT)
    out = Q(counted_at__range=near) | Q(published_at__range=near)
    rows = rows.filter(out | Q(counted_at=None, published_at=None, state__in=PLANNED, due_at__range=near))
    columns = ("pk", "payload", "counted_at", "published_at", "due_at", "subject_id", "series_id")
    for pk, payload, counted, published, due, subject, series in rows.values_list(*columns):
        out_at = counted or published
        if standing is not None and series == standing.pk and out_at is None:
            continue
        at = (out_at or due).replace(second=0, microsecond=0)
        name = str(payload.get("title") or payload.get("text") or "")[:80]
        yield Other(pk, name, at, subject == post.pk, out_at is None and series is None)
