"""A sequence of which some is out and the rest is not: a person says what becomes of the rest."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.close_part import free_places, make_parts
from kitestring.domains.publishing.actions.refuse_stopped import refuse_stopped
from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.actions.write_word import write_word
from kitestring.domains.publishing.events import published
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import held_still
from kitestring.domains.publishing.queries.parts import part_at
from kitestring.domains.publishing.rules.sequence import parts_of
from kitestring.domains.publishing.rules.words import so_many_out, too_late
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Conflict, Refusal

ASKED: Final = (DeliveryState.NEEDS_ATTENTION,)
STOPPABLE: Final = (DeliveryState.PARTLY_OUT, DeliveryState.NEEDS_ATTENTION)


def refuse_midway(delivery: Delivery) -> None:
    """Raise Conflict where parts are out: it can be neither cancelled nor given up, and what can be done is said."""
    delivery.refresh_from_db(fields=["part"])
    if delivery.part and parts_of(delivery.payload) and delivery.state != DeliveryState.PUBLISHED:
        raise Conflict(
            _(
                "%(out)s Nothing was changed: on its page, go on with the rest, leave it as it is, or take down what is out."
            )
            % {"out": so_many_out(delivery.part, len(parts_of(delivery.payload)))}
        )


@transaction.atomic
def go_on(member: Member, delivery: Delivery, **more: Any) -> Delivery:
    """The next part, and those after it, go out now, as frozen; each under its own key.

    Raises as `say_not_live`, and Conflict where a check would stop the rest again at once.
    """
    sent = let_go_on(member, delivery, **more)
    refuse_stopped(sent)
    return sent


@transaction.atomic
def let_go_on(member: Member, delivery: Delivery, **more: Any) -> Delivery:
    """The same for many at once: what may not leave yet is put before a person again, with the check that failed."""
    require(member, "delivery.settle")
    _refuse_nowhere(delivery)
    changes: dict[str, Any] = {
        **CLEAN,
        "part_since": now(),
        "doubt_since": None,
        "backup_at": None,
        "unclear": 0,
        "handle": "",
        "made_by": member,
        **more,
    }
    if delivery.backup_at is not None:
        # It may be out by a try we know nothing of: where one can look, it is looked for once more before it is sent.
        changes["part_from"] = min(delivery.part_from, max(0, delivery.attempts - 1))
    doubted = delivery.doubt_since is not None
    sent = change(member, delivery, ASKED, "delivery.send_again", state=DeliveryState.PARTLY_OUT, **changes)
    free_places([(sent.pk, sent.part)])
    write_word(member, sent, "partly_out", "said_not_live" if doubted else "goes_on")
    make_parts({sent.pk: len(parts_of(sent.payload))})
    enqueue("publishing.drain", once="drain")
    return sent


@transaction.atomic
def leave_as_it_is(member: Member, delivery: Delivery) -> Delivery:
    """What is out stays, the rest is never sent: it counts as published, and how much of it is said wherever it stands."""
    require(member, "delivery.settle")
    still = held_still(member, delivery.pk, STOPPABLE)
    delivery.refresh_from_db()
    if not still or not delivery.part:
        raise Conflict(too_late(delivery.state))
    done = change(member, delivery, STOPPABLE, "delivery.leave", state=DeliveryState.PUBLISHED, **CLEAN)
    write_word(member, done, "published", "left_as_it_is")
    announce(published(done.kind, [done.pk]))
    return done


def part_by_word(member: Member, delivery: Delivery, url: str) -> Delivery:
    """The part in doubt is live, at this address. Its id stays unknown: what follows stands under the head.

    Raises Conflict when another part's turn has come since `delivery` was read: the address is not that one's.
    """
    meant = delivery.part, delivery.attempts
    still = held_still(member, delivery.pk, ASKED)
    delivery.refresh_from_db()
    if not still or (delivery.part, delivery.attempts) != meant:
        raise Conflict(too_late(delivery.state))
    place, count, moment = delivery.part, len(parts_of(delivery.payload)), now()
    make_parts({delivery.pk: count})
    changes: dict[str, Any] = {
        **CLEAN,
        "part": place + 1,
        "part_from": delivery.attempts,
        "part_since": moment,
        "doubt_since": None,
        "unclear": 0,
        "handle": "",
        "made_by": member,
    }
    if place == 0:
        changes |= {"remote_url": url, "published_at": moment, "counted_at": moment}
    else:
        part = part_at(delivery, place)
        part.remote_url, part.published_at, part.counted_at = url, moment, moment
        part.save(update_fields=["remote_url", "published_at", "counted_at"])
    if place + 1 == count:
        done = change(member, delivery, ASKED, "delivery.settle", state=DeliveryState.PUBLISHED, **changes)
        announce(published(done.kind, [done.pk]))
    elif delivery.remote_id:
        done = change(member, delivery, ASKED, "delivery.settle", state=DeliveryState.PARTLY_OUT, **changes)
        enqueue("publishing.drain", once="drain")
    else:
        done = change(member, delivery, ASKED, "delivery.settle", **{**changes, "reason": "head_without_id"})
        problems_changed([done.pk])
    write_word(member, done, "published", "", part=place)
    return done


def _refuse_nowhere(delivery: Delivery) -> None:
    if delivery.head_withdrawn_at is not None:
        raise Refusal(
            _(
                "The first part was taken down, so nothing can be put under it. Nothing was changed: leave it as it is, or "
                "take down what is out."
            ),
            reason="head_gone",
        )
    if not delivery.remote_id:
        raise Refusal(
            _(
                "The first part is known by its address alone, so nothing can be put under it from here. Nothing was "
                "changed: add the rest there yourself, then leave it as it is."
            ),
            reason="head_without_id",
        )
    if delivery.part >= len(parts_of(delivery.payload)):
        raise Conflict(too_late(DeliveryState.PUBLISHED))
