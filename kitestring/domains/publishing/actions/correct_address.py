"""The address a person gave for what is live was a wrong one: another takes its place, and the record keeps both."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from kitestring.domains.publishing.actions.proof import proof
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import held_still, visible_to
from kitestring.domains.publishing.queries.parts import part_at, places_by_word
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict

LIVE: Final = (DeliveryState.PUBLISHED, DeliveryState.PARTLY_OUT, DeliveryState.NEEDS_ATTENTION)


@transaction.atomic
def correct_address(member: Member, delivery: Delivery, url: str, place: int = 0) -> Delivery:
    """Of the part at `place` (0: the head, or what is one post). Raises Refusal as `say_live`, and Conflict where the address
    is not a person's word: what the channel said of itself stands.
    """
    require(member, "delivery.settle")
    tidy = proof(delivery, url)
    still = held_still(member, delivery.pk, LIVE)
    delivery.refresh_from_db()
    if not still or place not in places_by_word(delivery):
        raise Conflict(too_late(DeliveryState(delivery.state)))
    if place:
        part = part_at(delivery, place)
        before, part.remote_url = part.remote_url, tidy
        part.save(update_fields=["remote_url"])
    else:
        before = delivery.remote_url
        visible_to(member).filter(pk=delivery.pk).update(remote_url=tidy)
        delivery.refresh_from_db()
    if before != tidy:
        record(member, "delivery.correct", delivery, before={"address": before}, after={"address": tidy})
    return delivery
