"""Each post held against its own account: engagement at the same age, the account's usual, the verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kitestring.domains.analytics.models import Sample
from kitestring.domains.analytics.queries.samples import earlier_on_accounts, samples_of
from kitestring.domains.analytics.rules import Point, Usual, Verdict, at_age, engagement, judge, usual
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now

LOOK_BACK: Final = timedelta(days=180)
FULL_AGE: Final = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """A post's engagement now, at `age`; what is usual for its account at that age; where it stands.

    `values` is the newest value of each metric; `samples` are all of the post's, oldest first.
    """

    delivery: Delivery
    value: float | None
    age: timedelta
    usual: Usual
    verdict: Verdict
    values: dict[str, float | None]
    samples: Sequence[Sample]


def points_of(samples: Sequence[Sample]) -> list[Point]:
    return [Point(s.metric, s.at, s.value) for s in samples]


def stand(deliveries: Sequence[Delivery], *, at: datetime | None = None) -> list[Standing]:
    """The standing of published posts, in the order given. Two reads whatever their number."""
    moment = at or now()
    peers = earlier_on_accounts({d.account_id for d in deliveries}, moment - LOOK_BACK)
    every = {d.pk: d for d in [*peers, *deliveries]}
    samples = samples_of(every.values())
    by_account: dict[UUID, list[Delivery]] = defaultdict(list)
    for delivery in peers:
        by_account[delivery.account_id].append(delivery)
    return [_one(d, samples, by_account[d.account_id], moment) for d in deliveries]


def _one(
    delivery: Delivery, samples: dict[UUID, list[Sample]], peers: list[Delivery], moment: datetime
) -> Standing:
    own = samples.get(delivery.pk, [])
    published = delivery.published_at or moment
    age = min(max(moment - published, timedelta(0)), FULL_AGE)
    values = at_age(points_of(own), published, moment - published)
    value = engagement(values)
    scale = usual(
        v
        for peer in peers
        if peer.pk != delivery.pk
        and peer.published_at is not None
        and peer.published_at + age <= moment
        and (v := engagement(at_age(points_of(samples.get(peer.pk, [])), peer.published_at, age))) is not None
    )
    at_that_age = engagement(at_age(points_of(own), published, age)) if own else None
    return Standing(delivery, value, age, scale, judge(at_that_age if own else None, scale), values, own)
