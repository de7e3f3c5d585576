"""Holds one delivery by hand, and lets it go again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.fill_slots import out_of_stock
from kitestring.domains.publishing.actions.in_turn import in_turn
from kitestring.domains.publishing.actions.look_again import look_again
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery, DeliveryState, SeriesKind
from kitestring.domains.publishing.queries.series import series_of
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict


@transaction.atomic
def hold(member: Member, delivery: Delivery) -> Delivery:
    """It stays where it is until `release`. Raises Conflict when it is too late."""
    require(member, "delivery.schedule")
    in_turn(delivery)
    aside = {**CLEAN, "reason": "held_by_person"}
    return change(
        member, delivery, (DeliveryState.SCHEDULED,), "delivery.hold", state=DeliveryState.HELD, **aside
    )


@transaction.atomic
def release(member: Member, delivery: Delivery) -> Delivery:
    """It waits for its hour again; what holds it for another cause holds it again at once.

    Raises Conflict where it would leave at once though its post has left the evergreen stock.
    """
    require(member, "delivery.schedule")
    in_turn(delivery)
    _refuse_dropped(delivery)
    look_again(delivery)
    free = change(
        member,
        delivery,
        (DeliveryState.HELD,),
        "delivery.release",
        state=DeliveryState.SCHEDULED,
        **CLEAN,
    )
    wake_slots([free.due_at])
    return free


def _refuse_dropped(delivery: Delivery) -> None:
    """What is still to come is filled anew by the next sweep (`look_again`); what is due would be gone before that."""
    series = series_of(delivery) if delivery.due_at <= now() else None
    if series is not None and series.kind == SeriesKind.EVERGREEN and out_of_stock(delivery, series):
        raise Conflict(
            _(
                "Its hour has passed, and the post has left the evergreen stock or is no longer good by then. Nothing was "
                "changed: skip this time, or put the post back into the stock first."
            )
        )
