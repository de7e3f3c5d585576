"""Which files the next hours need, for the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.kit.rows import rows

UNDER_WAY: Final = (
    DeliveryState.SENDING, DeliveryState.PROCESSING, DeliveryState.UNKNOWN, DeliveryState.PARTLY_OUT,
)  # fmt: skip
MOST: Final = 500  # posts looked at in one go; the soonest first

# A post on several accounts of a channel needs the same files the same way.
SOON: Final = """
SELECT a.channel, a.brand_id, d.publish_kind, d.payload -> 'media', min(d.due_at)
FROM publishing_delivery d JOIN channels_account a ON a.id = d.account_id
WHERE d.state = 'scheduled' AND d.due_at < ks_now() + %(ahead)s::interval
  AND jsonb_array_length(coalesce(d.payload -> 'media', '[]')) > 0
GROUP BY 1, 2, 3, 4 ORDER BY 5 LIMIT %(most)s"""


@dataclass(frozen=True)
class Carried:
    """A post's frozen files, on a channel, in a way of publishing, at its soonest hour."""

    channel: str
    brand_id: UUID
    kind: str
    media: list[dict[str, Any]]
    due_at: datetime


def carried_soon(ahead: timedelta) -> list[Carried]:
    found = rows(SOON, ahead=ahead, most=MOST)
    return [Carried(channel, brand, kind, _read(media), due) for channel, brand, kind, media, due in found]


def _read(media: Any) -> list[dict[str, Any]]:
    return list(orjson.loads(media)) if isinstance(media, str | bytes) else list(media)


def scheduled_with(source: str) -> list[Delivery]:
    """What is to go out with a file of this content (sha256)."""
    carries = {"media": [{"sha256": source}]}
    found = Delivery.objects.filter(state=DeliveryState.SCHEDULED, payload__contains=carries)
    return list(found.select_related("account").select_for_update(of=("self",)).order_by("id"))


def is_under_way(delivery_id: UUID) -> bool:
    """Whether the channel may still be busy with it: it is being sent, processed, or nobody knows."""
    return Delivery.objects.filter(pk=delivery_id, state__in=UNDER_WAY).exists()
