"""Asks for a published post to be taken down again; the worker does it (`take_down`), the row is kept as withdrawn."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.settle_by_person import write_word
from kitestring.domains.publishing.actions.tell import wake_withdrawal
from kitestring.domains.publishing.events import DeliveryWithdrawn
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import held_still
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.refusals import Conflict, Refusal

LIVE = (DeliveryState.PUBLISHED,)


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
    )


@transaction.atomic
def withdraw(member: Member, delivery: Delivery) -> Delivery:
    """Ask for it to be taken down; asked twice it is one wish. The row holds it, the job only wakes the worker.

    Where the channel cannot, a person does it there and says so with `say_withdrawn`.
    """
    require(member, "delivery.schedule")
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
    """It was deleted there by hand, or found deleted."""
    require(member, "delivery.settle")
    gone = change(member, delivery, LIVE, "delivery.withdraw", state=DeliveryState.WITHDRAWN, **CLEAN)
    write_word(member, gone, "withdrawn", "")
    announce(DeliveryWithdrawn(gone.pk))
    return gone
