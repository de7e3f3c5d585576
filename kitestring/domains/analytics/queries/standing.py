"""Each post held against its own account: engagement at the same age, the account's usual, the verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kitestring.domains.analytics.models import Sample
from kitestring.domains.analytics.queries.at_age import engagement_at
from kitestring.domains.analytics.queries.samples import Peer, earlier_on_accounts, latest_samples
from kitestring.domains.analytics.rules import EARLY, Usual, Verdict, engagement, judge, rung_of, usual
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now

LOOK_BACK: Final = timedelta(days=180)
FULL_AGE: Final = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """One delivery's engagement `value` now and `then`, at the age of comparison; its account's usual at that age.

    `age`: the step of the reading ladder it has reached, seven days at most. `values` and `samples`: the newest of each
    metric. `times`: `then` over the median, None when either is not known, and in the first day, when nothing is judged.
    """

    delivery: Delivery
    value: float | None
    then: float | None
    age: timedelta
    usual: Usual
    verdict: Verdict
    values: Mapping[str, float | None]
    samples: Sequence[Sample]
    times: float | None


def age_of(delivery: Delivery, moment: datetime) -> timedelta:
    """The age at which a post is compared: the last step of the ladder it has passed, seven days at most."""
    published = delivery.published_at or moment
    return min(rung_of(moment - published), FULL_AGE)


def stand(deliveries: Sequence[Delivery], *, at: datetime | None = None) -> list[Standing]:
    """The standing of live deliveries, in the order given: one read for each age that occurs, whatever their number.

    The usual of an account at an age has one definition, here: all its live deliveries of 180 days that have reached
    the age, the one that is compared among them. So it is the same number for each, on every page.
    """
    moment = at or now()
    peers: dict[UUID, list[Peer]] = defaultdict(list)
    for peer in earlier_on_accounts({d.account_id for d in deliveries}, moment - LOOK_BACK):
        peers[peer.account_id].append(peer)
    ages: dict[timedelta, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        ages[age_of(delivery, moment)].append(delivery)
    newest = latest_samples(deliveries)
    found: dict[UUID, Standing] = {}
    for age, same in ages.items():
        accounts = {d.account_id for d in same}
        old_enough = [p for a in accounts for p in peers[a] if p.published_at + age <= moment]
        both: dict[UUID, Delivery | Peer] = {p.pk: p for p in old_enough}
        both |= {d.pk: d for d in same}
        values = engagement_at(both.values(), age)
        by_account: dict[UUID, list[float]] = {account: [] for account in accounts}
        for peer in old_enough:
            if peer.pk in values:
                by_account[peer.account_id].append(values[peer.pk])
        scales = {account: usual(told) for account, told in by_account.items()}
        for delivery in same:
            scale = scales[delivery.account_id]
            found[delivery.pk] = _one(
                delivery, age, scale, values.get(delivery.pk), newest.get(delivery.pk, {})
            )
    return [found[d.pk] for d in deliveries]


def _one(
    delivery: Delivery, age: timedelta, scale: Usual, then: float | None, newest: Mapping[str, Sample]
) -> Standing:
    values = {metric: sample.value for metric, sample in newest.items()}
    value, verdict = engagement(values), judge(then, scale)
    if age < EARLY and value is not None:
        verdict = "early"
    times = then / scale.median if then is not None and scale.median and verdict != "early" else None
    return Standing(delivery, value, then, age, scale, verdict, values, list(newest.values()), times)
