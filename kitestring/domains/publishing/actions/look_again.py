"""Has the slots that took a post from the stock looked at again, by the next sweep: what held it there may be gone."""

from __future__ import annotations

from kitestring.domains.publishing.models import Delivery, Series, SeriesKind, SeriesState
from kitestring.kit.clock import now


def look_again(delivery: Delivery) -> None:
    """Before the delivery itself is locked: whoever fills the slots holds the series first."""
    if delivery.series_id is not None:
        rotation = Series.objects.filter(pk=delivery.series_id, kind=SeriesKind.EVERGREEN)
        rotation.filter(state=SeriesState.RUNNING).update(look_at=now())
