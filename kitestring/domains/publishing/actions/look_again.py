"""Has the slots that took a post from the stock looked at again, by the next sweep: what held it there may be gone."""

from __future__ import annotations

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.stock import rotation_with
from kitestring.kit.clock import now


def look_again(delivery: Delivery) -> None:
    """Before the delivery itself is locked: whoever fills the slots holds the series first."""
    rotation_with(delivery).update(look_at=now())
