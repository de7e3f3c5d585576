"""The numbers of the past: the last reading is asked of the connectors now, the earlier ones grow towards it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.manifest import MetricFact
from kitestring.domains.analytics.actions.watch import watch
from kitestring.domains.analytics.models import Sample, Watch
from kitestring.domains.analytics.rules import LADDER, next_reading
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.domains.publishing.models import Delivery
from kitestring.sandbox.audience.plan import grown
from kitestring.sandbox.emulated import Emulated
from kitestring.sandbox.seed.desk import Desk
from kitestring.sandbox.seed.history import Past
from kitestring.sandbox.seed.queries import insert

# Of the ladder's rungs those that the pictures need: fewer rows, the same curves.
RUNGS: Final = tuple(LADDER[n] for n in (1, 3, 5, 7, 8, 9, 10, 12, 13, 14))
WHOLE: Final = 1_000_000
SAME: Final = {"reach": "views"}  # what the platform behind the emulators calls it


def write_numbers(desk: Desk, past: Past) -> None:
    """Samples and watches of every live post; on channels that give no numbers the watch has ended as it began."""
    samples: list[Sample] = []
    watches: list[Watch] = []
    for account, _ in desk.accounts.values():
        live = past.live.get(account.pk, [])
        if registry.get(account.channel).metrics is None:
            watch(live)
            continue
        if not live:
            continue
        told = {(r.remote_id, r.metric): r for r in _read(account, [d.remote_id for d in live])}
        for delivery in live:
            for fact in registry.get(account.channel).manifest.metrics:
                reading = told.get((delivery.remote_id, fact.key))
                samples += _curve(desk, desk.channels[account.channel], delivery, fact, reading)
            rung, next_at = next_reading(delivery.published_at or delivery.due_at, 0, desk.at)
            watches.append(Watch(delivery=delivery, rung=rung, next_at=next_at))
    insert(samples)
    insert(watches)


def _read(account: Account, posts: list[str]) -> Sequence[Reading]:
    metrics = registry.get(account.channel).metrics
    if metrics is None:
        return []

    async def ask(session: Session) -> Sequence[Reading]:
        return await metrics.read(session, posts)

    return talk(account, ask)


def _curve(
    desk: Desk, one: Emulated, delivery: Delivery, fact: MetricFact, reading: Reading | None
) -> list[Sample]:
    """A value on every rung that has passed and that the channel could have answered by then."""
    out = delivery.published_at or delivery.due_at
    age = desk.at - out
    last = _last(one.platform.items[delivery.remote_id], one, fact, reading, age)
    if last is None:
        why = reading.why if reading is not None else "not_given"
        return [_sample(delivery, fact, None, desk.at, why)]
    share = max(1, grown(WHOLE, age))
    rungs = [rung for rung in RUNGS if timedelta(seconds=fact.delay) <= rung < age]
    found = [
        _sample(delivery, fact, float(math.floor(last * min(1.0, grown(WHOLE, rung) / share))), out + rung)
        for rung in rungs
    ]
    if age < LADDER[-1]:
        found.append(_sample(delivery, fact, last, desk.at))
    return found


def _last(
    item: Item, one: Emulated, fact: MetricFact, reading: Reading | None, age: timedelta
) -> float | None:
    """What the channel says now; for a post it no longer counts, what it had."""
    if reading is not None and reading.value is not None:
        return reading.value
    if age < timedelta(seconds=fact.delay) or age < timedelta(days=28):
        return None
    if fact.key == "replies":
        return float(sum(1 for c in one.platform.comments(item.id) if c.author != item.author))
    return float(item.counts.get(SAME.get(fact.key, fact.key), 0))


def _sample(delivery: Delivery, fact: MetricFact, value: float | None, at: datetime, why: str = "") -> Sample:
    return Sample(
        delivery=delivery,
        metric=fact.key,
        value=value,
        field=fact.field[:120],
        why=why[:60],
        at=at,
        read_at=at,
    )
