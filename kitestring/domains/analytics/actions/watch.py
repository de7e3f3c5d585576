"""Begins to watch published posts' numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from kitestring.connectorkit import registry
from kitestring.domains.analytics.models import Watch
from kitestring.domains.analytics.queries.samples import keep_new
from kitestring.domains.analytics.rules import next_reading
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now


def watch(deliveries: Iterable[Delivery]) -> None:
    """Begin a watch where there is none; twice is once. On a channel without numbers it ends at once."""
    moment = now()
    keep_new(_begun(one, moment) for one in deliveries)


def _begun(delivery: Delivery, moment: datetime) -> Watch:
    rung, at = next_reading(delivery.published_at or moment, 0, moment)
    first = (moment if rung else at) if registry.get(delivery.account.channel).can("metrics") else None
    return Watch(delivery=delivery, rung=rung, next_at=first)
