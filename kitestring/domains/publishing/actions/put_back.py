"""Puts a skipped time of a series back before its hour: the same duty under the same key, as if nobody had skipped it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.fill_slots import takes_again
from kitestring.domains.publishing.actions.in_turn import in_turn
from kitestring.domains.publishing.actions.keep_word import PAUSED
from kitestring.domains.publishing.actions.look_again import look_again
from kitestring.domains.publishing.actions.refuse_close import refuse_close
from kitestring.domains.publishing.actions.refuse_full import refuse_full
from kitestring.domains.publishing.actions.refuse_wait import refuse_wait
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery, DeliveryState, Series, SeriesKind, SeriesState
from kitestring.domains.publishing.queries.series import series_of
from kitestring.domains.publishing.rules.recurrence import moment_of, occurrences
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict

BY_HAND: Final = "held_by_person"
AROUND: Final = timedelta(hours=36)


def skipped_still(delivery: Delivery, series: Series | None = None) -> bool:
    """Whether `put_back` would take it as it stands: skipped, its hour still to come, and its series goes on and still names
    it; an evergreen post must still be one that the slot would take. `series`: where it is read already.
    """
    skipped = delivery.state == DeliveryState.CANCELLED and delivery.reason == "skipped"
    if not skipped or delivery.due_at <= now() or delivery.doubt_since is not None or delivery.part:
        return False
    series = series or series_of(delivery)
    if series is None or series.state == SeriesState.ENDED or not _named(series, delivery):
        return False
    return series.kind != SeriesKind.EVERGREEN or takes_again(delivery, series)


def _named(series: Series, delivery: Delivery) -> bool:
    """Whether the rule still names its day, or the slots its hour. Of an hour that has passed no rule says anything."""
    hour = datetime.fromisoformat(delivery.occurrence)
    moment = moment_of(hour, series.zone)
    if moment <= now():
        return True
    near = list(occurrences(series.pattern, series.zone, moment - AROUND, moment + AROUND))
    if series.kind == SeriesKind.EVERGREEN:
        return any(one.hour == hour for one in near)
    return any(one.hour.date() == hour.date() for one in near)


@transaction.atomic
def put_back(member: Member, delivery: Delivery) -> Delivery:
    """It waits for its hour again, or is held as it was before.

    Raises Conflict when its hour has come or its series has ended or names it no more, Refusal where another lies too near
    by now or the quota has no place left.
    """
    require(member, "delivery.schedule")
    in_turn(delivery)
    look_again(delivery)
    delivery.refresh_from_db()
    series = series_of(delivery)
    if series is None or not skipped_still(delivery, series):
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
