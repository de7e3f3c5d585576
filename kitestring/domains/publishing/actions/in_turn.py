"""Whoever speaks of single times of a series takes turns with whoever changes, pauses, stops or fills it.

Those read what people said and write by it later: a word between the two would be lost.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.series import hold_series
from kitestring.kit.refusals import Conflict

# What the other may have written while this one waited.
WRITTEN: Final = ("state", "reason", "reason_params", "due_at", "occurrence", "changed_at")


def in_turn(*deliveries: Delivery) -> None:
    """Hold their series to the end of the transaction, before any place in a quota and before the rows themselves; the
    rows are as they stand then. What belongs to no series is left alone. Raises Conflict for one that was taken back.
    """
    times = [one for one in deliveries if one.series_id is not None]
    hold_series(one.series_id for one in times if one.series_id is not None)
    for one in times:
        try:
            one.refresh_from_db(fields=WRITTEN)
        except Delivery.DoesNotExist as error:
            raise Conflict(
                _("This time was taken back meanwhile, and nothing of it went out. Nothing was changed.")
            ) from error
