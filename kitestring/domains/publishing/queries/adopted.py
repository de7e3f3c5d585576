"""Whether what a look found on a channel is another delivery's already."""

from __future__ import annotations

from uuid import UUID

from kitestring.domains.publishing.models import Delivery, Part


def is_anothers(account_id: UUID, remote_id: str, delivery_id: UUID, part: int) -> bool:
    """`part` 0 is the head: it may be what its own row says; a later part may be neither the head nor another part."""
    heads = Delivery.objects.filter(account_id=account_id, remote_id=remote_id)
    parts = Part.objects.filter(account_id=account_id, remote_id=remote_id)
    if part:
        parts = parts.exclude(delivery_id=delivery_id, place=part)
    else:
        heads = heads.exclude(pk=delivery_id)
    return heads.exists() or parts.exists()
