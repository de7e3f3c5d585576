"""What happened to deliveries, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class DeliveryPublished:
    """It is live, once. `remote_id` may be "" when a person gave only its address."""

    delivery_id: UUID
    kind: str
    subject_id: UUID
    remote_id: str
    remote_url: str


@dataclass(frozen=True)
class DeliveryNeedsPerson:
    """It was put before a person, refused, held or handed off; its row says why."""

    delivery_id: UUID


@dataclass(frozen=True)
class DeliveryWithdrawn:
    """It is no longer there."""

    delivery_id: UUID
