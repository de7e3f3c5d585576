"""Begins to watch a published post's numbers."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from kitestring.connectorkit import registry
from kitestring.domains.analytics.models import Watch
from kitestring.domains.analytics.queries.samples import watch_of
from kitestring.domains.analytics.rules import next_reading
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.clock import now


def watch(delivery: Delivery) -> Watch:
    """The delivery's watch, begun if there is none; twice is once. On a channel without numbers it ends at once."""
    present = watch_of(delivery.pk)
    if present is not None:
        return present
    moment = now()
    rung, at = next_reading(delivery.published_at or moment, 0, moment)
    first = (moment if rung else at) if registry.get(delivery.account.channel).can("metrics") else None
    begun = Watch(delivery=delivery, rung=rung, next_at=first)
    try:
        with transaction.atomic():
            begun.save(force_insert=True)
    except IntegrityError:
        return watch_of(delivery.pk) or begun
    return begun
