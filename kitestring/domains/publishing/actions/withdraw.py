"""Asks for a published post to be taken down again; the worker does it (`take_down`), the row is kept as withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.midway import leave_as_it_is
from kitestring.domains.publishing.actions.tell import wake_withdrawal
from kitestring.domains.publishing.actions.write_word import write_word
from kitestring.domains.publishing.events import DeliveryWithdrawn
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import held_still
from kitestring.domains.publishing.queries.parts import parts_out
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.refusals import Conflict, Refusal

LIVE = (DeliveryState.PUBLISHED,)
MIDWAY = (DeliveryState.PARTLY_OUT, DeliveryState.NEEDS_ATTENTION)


def can_withdraw(delivery: Delivery) -> bool:
    """Whether we can take it down there ourselves."""
    try:
        connector = registry.get(delivery.account.channel)
    except KeyError:
        return False
    return (
        connector.publishing is not None
        and hasattr(connector.publishing, "withdraw")
        and bool(delivery.remote_id)
        and not (delivery.part > 1 and any(not part.remote_id for part in parts_out(delivery)))
    )


@transaction.atomic
def withdraw(member: Member, delivery: Delivery) -> Delivery:
    """Ask for it to be taken down; asked twice it is one wish. The row holds it, the job only wakes the worker.

    Of a sequence every part that is out is taken down, the last first; in its middle, that also ends it. Where the channel
    cannot, a person does it there and says so with `say_withdrawn`.
    """
    require(member, "delivery.schedule")
    if delivery.part and delivery.state in MIDWAY and can_withdraw(delivery):
        leave_as_it_is(member, delivery)
    still = held_still(member, delivery.pk, LIVE)
    delivery.refresh_from_db()
    if not still:
        raise Conflict(_("It is not published, so there is nothing to take down. Nothing was changed."))
    if delivery.withdraw_asked is not None:
        return delivery
    if not can_withdraw(delivery):
        raise Refusal(
            _("It cannot be taken down from here. Delete it there yourself, then say so on this page."),
            reason="by_hand",
        )
    asked = change(
        member, delivery, LIVE, "delivery.withdraw", withdraw_asked=now(), withdraw_by=member, **CLEAN
    )
    wake_withdrawal(asked.pk)
    return asked


@transaction.atomic
def say_withdrawn(member: Member, delivery: Delivery) -> Delivery:
    """It was deleted there by hand, or found deleted, with all its parts."""
    require(member, "delivery.settle")
    if delivery.part and delivery.state in MIDWAY:
        leave_as_it_is(member, delivery)
    gone = change(member, delivery, LIVE, "delivery.withdraw", state=DeliveryState.WITHDRAWN, **CLEAN)
    parts_out(gone).update(withdrawn_at=now())
    write_word(member, gone, "withdrawn", "", part=0)
    announce(DeliveryWithdrawn(gone.pk))
    return gone
