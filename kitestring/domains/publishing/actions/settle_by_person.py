"""A person looked where we could not: live with its address, not live so send it, or give up. Who said so is kept."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.left_in_doubt import left_part_by_word
from kitestring.domains.publishing.actions.midway import go_on, part_by_word, refuse_midway
from kitestring.domains.publishing.actions.proof import proof
from kitestring.domains.publishing.actions.refuse_close import refuse_close
from kitestring.domains.publishing.actions.refuse_wait import refuse_wait
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.actions.write_word import write_word
from kitestring.domains.publishing.events import published
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import by_hand, delivery_for, held_still
from kitestring.domains.publishing.rules.sequence import left_in_doubt, parts_of
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.refusals import Conflict

ASKED = (DeliveryState.NEEDS_ATTENTION,)


@transaction.atomic
def say_live(member: Member, delivery: Delivery, url: str) -> Delivery:
    """It is there, at this address. Raises Refusal beside the field when that is no web address, or none of the channel.

    Of a sequence it is said of the part that was in doubt; the rest goes on.
    """
    require(member, "delivery.settle")
    if left_in_doubt(delivery):
        return left_part_by_word(member, delivery, proof(delivery, url))
    if parts_of(delivery.payload) and not by_hand(delivery):
        return part_by_word(member, delivery, proof(delivery, url))
    return publish_by_word(member, delivery, ASKED, "delivery.settle", proof(delivery, url))


@transaction.atomic
def say_not_live(member: Member, delivery: Delivery) -> Delivery:
    """It is not there: send it now, with the same key. For what was late or set aside it means: send it now.

    Of a sequence it is said of the part whose turn it is: what is out before it stays as it is. Raises Conflict when it was
    tried again since `delivery` was read: what was said then is not true of that try; Refusal when another of its series
    is too near, or where nothing can stand under what is out.
    """
    require(member, "delivery.settle")
    if (
        held_still(member, delivery.pk, ASKED)
        and delivery_for(member, delivery.pk).attempts != delivery.attempts
    ):
        raise Conflict(too_late(DeliveryState.NEEDS_ATTENTION))
    if delivery.part:
        return go_on(member, delivery)
    refuse_close(delivery, now())
    refuse_wait(delivery, now())
    again = {
        **CLEAN,
        "due_at": now(),
        "doubt_since": None,
        "counted_at": None,
        "backup_at": None,
        "unclear": 0,
        "made_by": member,
    }
    doubted = delivery.doubt_since is not None or delivery.attempts > 0
    sent = change(member, delivery, ASKED, "delivery.send_again", state=DeliveryState.SCHEDULED, **again)
    write_word(member, sent, "scheduled", "said_not_live" if doubted else "sent_now")
    wake_slots([sent.due_at])
    return sent


@transaction.atomic
def give_up(member: Member, delivery: Delivery) -> Delivery:
    """It is not wanted any more. What may be live there is not touched. Raises Conflict when parts of it are out.

    What was on somebody's phone may have been published without a word of it: that doubt stays with the row.
    """
    require(member, "delivery.settle")
    refuse_midway(delivery)
    sources = (DeliveryState.NEEDS_ATTENTION, DeliveryState.FAILED)
    doubt = {"doubt_since": delivery.doubt_since or now()} if by_hand(delivery) else {}
    done = change(member, delivery, sources, "delivery.give_up", state=DeliveryState.CANCELLED, **doubt)
    write_word(member, done, "cancelled", "")
    return done


def publish_by_word(
    member: Member, delivery: Delivery, sources: tuple[str, ...], verb: str, url: str
) -> Delivery:
    """Close a delivery as published on a person's word, with the address they gave."""
    changes: dict[str, Any] = {**CLEAN, "remote_url": url, "published_at": now(), "counted_at": now()}
    changes["part"] = len(parts_of(delivery.payload))  # by hand all of it goes out at once
    done = change(member, delivery, sources, verb, state=DeliveryState.PUBLISHED, **changes)
    write_word(member, done, "published", "")
    announce(published(done.kind, [done.pk]))
    return done
