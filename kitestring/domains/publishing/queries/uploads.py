"""Reads of what channels have of a delivery's files."""

from __future__ import annotations

from uuid import UUID

from kitestring.domains.publishing.models import Delivery, DeliveryState, Upload


def uploads_of(delivery_id: UUID) -> list[Upload]:
    """For the worker: what earlier tries left there."""
    return list(Upload.objects.filter(delivery_id=delivery_id))


def left_there(delivery: Delivery) -> int:
    """How many files of a delivery that will never go out lie in a library of the channel, where people see them."""
    if delivery.state != DeliveryState.CANCELLED:
        return 0
    return Upload.objects.filter(delivery=delivery, stays=True).count()
