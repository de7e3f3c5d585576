"""A sequence that was left as it is, or taken down, while nobody knew of one part: a person who looked may still say so."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.publishing.actions.change import change
from kitestring.domains.publishing.actions.close_part import free_places, make_parts
from kitestring.domains.publishing.actions.write_word import write_word
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import held_still
from kitestring.domains.publishing.queries.parts import part_at
from kitestring.domains.publishing.rules.sequence import left_in_doubt, parts_of
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict

ENDED: Final = (DeliveryState.PUBLISHED, DeliveryState.WITHDRAWN)
KNOWN: Final[dict[str, Any]] = {"doubt_since": None, "unclear": 0}


@transaction.atomic
def say_part_absent(member: Member, delivery: Delivery) -> Delivery:
    """It is not there, and is never sent. Raises Conflict when nothing of it is in doubt any more."""
    require(member, "delivery.settle")
    _refuse_known(member, delivery, ENDED)
    told = change(member, delivery, ENDED, "delivery.settle", **KNOWN)
    free_places([(told.pk, told.part)])
    write_word(member, told, told.state, "part_not_there")
    return told


@transaction.atomic
def left_part_by_word(member: Member, delivery: Delivery, url: str) -> Delivery:
    """It is there, at this address; what comes after it is never sent all the same. Raises Conflict as `say_part_absent`."""
    live = (DeliveryState.PUBLISHED,)
    _refuse_known(member, delivery, live)
    if delivery.withdraw_asked is not None:
        raise Conflict(
            _(
                "It is being taken down, and a part that is known by its address alone cannot be. Nothing was changed: delete "
                "that part there yourself, then say that it is not there."
            )
        )
    place, moment = delivery.part, now()
    make_parts({delivery.pk: len(parts_of(delivery.payload))})
    part = part_at(delivery, place)
    part.remote_url, part.published_at, part.counted_at = url, moment, moment
    part.save(update_fields=["remote_url", "published_at", "counted_at"])
    told = change(
        member, delivery, live, "delivery.settle", part=place + 1, part_from=delivery.attempts, **KNOWN
    )
    write_word(member, told, "published", "", part=place)
    return told


def _refuse_known(member: Member, delivery: Delivery, states: tuple[DeliveryState, ...]) -> None:
    """A late answer may have told it since the page was read."""
    meant = delivery.part
    still = held_still(member, delivery.pk, states)
    delivery.refresh_from_db()
    if not still or not left_in_doubt(delivery) or delivery.part != meant:
        raise Conflict(too_late(delivery.state))
