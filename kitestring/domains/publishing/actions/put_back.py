"""Puts a skipped time of a series back before its hour: the same duty under the same key, as if nobody had skipped it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.in_turn import in_turn
from kitestring.domains.publishing.actions.keep_word import PAUSED
from kitestring.domains.publishing.actions.look_again import look_again
from kitestring.domains.publishing.actions.refuse_close import refuse_close
from kitestring.domains.publishing.actions.refuse_full import refuse_full
from kitestring.domains.publishing.actions.refuse_wait import refuse_wait
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery, DeliveryState, Series, SeriesState
from kitestring.domains.publishing.queries.series import series_of
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict

BY_HAND = "held_by_person"


def skipped_still(delivery: Delivery) -> bool:
    """Whether `put_back` would take it as it stands: skipped, its hour still to come, and its series goes on."""
    skipped = delivery.state == DeliveryState.CANCELLED and delivery.reason == "skipped"
    if not skipped or delivery.due_at <= now() or delivery.doubt_since is not None or delivery.part:
        return False
    series = series_of(delivery)
    return series is not None and series.state != SeriesState.ENDED


@transaction.atomic
def put_back(member: Member, delivery: Delivery) -> Delivery:
    """It waits for its hour again, or is held as it was before.

    Raises Conflict when its hour has come or its series has ended, Refusal where another lies too near by now or the
    quota has no place left.
    """
    require(member, "delivery.schedule")
    in_turn(delivery)
    look_again(delivery)
    delivery.refresh_from_db()
    series = series_of(delivery)
    if series is None or not skipped_still(delivery):
        raise Conflict(_("This time cannot be put back any more. Nothing was changed."))
    refuse_full(delivery.account, delivery.publish_kind, delivery.due_at, delivery)
    refuse_close(delivery, delivery.due_at)
    refuse_wait(delivery, delivery.due_at)
    back = change(
        member, delivery, (DeliveryState.CANCELLED,), "delivery.put_back", **_as_before(delivery, series)
    )
    wake_slots([back.due_at])
    return back


def _as_before(delivery: Delivery, series: Series) -> dict[str, Any]:
    """A person's hold holds again, and a pause of the series does; whatever else held it is found at its hour."""
    held = BY_HAND if delivery.reason_params.get("held") == BY_HAND else ""
    why = held or (PAUSED if series.state == SeriesState.PAUSED else "")
    state = DeliveryState.HELD if why else DeliveryState.SCHEDULED
    return {**CLEAN, "state": state, "reason": why}
