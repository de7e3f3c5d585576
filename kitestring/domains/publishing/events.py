"""What happened to deliveries, in the past tense."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PostsPublished:
    """These are live, once: one event for all that were written down together."""

    delivery_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class RepliesPublished:
    """These answers are live, once."""

    delivery_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class RepliesChanged:
    """These answers ended unsaid or were taken down, or are wanted again: whether the person is answered changed."""

    delivery_ids: tuple[UUID, ...]


def published(kind: str, delivery_ids: Sequence[UUID]) -> PostsPublished | RepliesPublished:
    """The event of this kind of delivery."""
    event = RepliesPublished if kind == "reply" else PostsPublished
    return event(tuple(delivery_ids))


@dataclass(frozen=True)
class DeliveryNeedsPerson:
    """It was put before a person, refused, held or handed off; its row says why."""

    delivery_id: UUID


@dataclass(frozen=True)
class DeliveryWithdrawn:
    """It is no longer there."""

    delivery_id: UUID
