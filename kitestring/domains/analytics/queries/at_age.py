"""How far posts had come at an age: all reactions together, counted by the database in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from kitestring.domains.analytics.queries.samples import Peer
from kitestring.domains.analytics.rules import REACTIONS
from kitestring.domains.publishing.models import Delivery

AT_AGE: Final = """
SELECT delivery_id, sum(value) FROM (
    SELECT DISTINCT ON (s.delivery_id, s.metric) s.delivery_id, s.value
    FROM analytics_sample s JOIN publishing_delivery d ON d.id = s.delivery_id
    WHERE s.delivery_id = ANY(%(ids)s) AND s.metric = ANY(%(metrics)s) AND s.at <= d.published_at + make_interval(secs => %(age)s)
    ORDER BY s.delivery_id, s.metric, s.at DESC
) newest WHERE value IS NOT NULL GROUP BY delivery_id"""


def engagement_at(deliveries: Iterable[Delivery | Peer], age: timedelta) -> dict[UUID, float]:
    """The newest value of each reaction not younger than `age` after publishing, added; posts without any are left out."""
    ids = [d.pk for d in deliveries]
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(AT_AGE, {"ids": ids, "metrics": list(REACTIONS), "age": age.total_seconds()})
        return dict(cursor.fetchall())
