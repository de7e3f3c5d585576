"""What the ledger knows of one account's health. The account was found for a member before."""

from __future__ import annotations

from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Delivery, DeliveryState


def last_out(of: Account) -> Delivery | None:
    """What went out there last, replies too."""
    rows = Delivery.objects.filter(account=of, state=DeliveryState.PUBLISHED, published_at__isnull=False)
    return rows.order_by("-published_at", "-id").first()


def waiting_for_people(of: Account) -> int:
    """How many deliveries there failed, are unclear, or ask for a decision."""
    states = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.NEEDS_ATTENTION)
    return Delivery.objects.filter(account=of, state__in=states).count()
