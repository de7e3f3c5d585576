"""Takes a published post down again: asked for by a person, done by the worker, kept as withdrawn."""

from __future__ import annotations

import asyncio
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import ConnectorError
from kitestring.domains.channels.sessions import session_of
from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.settle_by_person import write_word
from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.events import DeliveryWithdrawn
from kitestring.domains.publishing.models import GRAPH, Delivery, DeliveryState, Step
from kitestring.domains.publishing.queries.accounts import accounts_by_id
from kitestring.domains.publishing.queries.attempts import next_attempt
from kitestring.domains.publishing.queries.deliveries import by_id
from kitestring.domains.publishing.rules.waiting import LEASE
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit import http
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.jobs import enqueue
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
    """Ask for it to be taken down. Where the channel cannot, a person does it there and says so with `say_withdrawn`."""
    require(member, "delivery.schedule")
    if delivery.state != DeliveryState.PUBLISHED:
        raise Conflict(_("It is not published, so there is nothing to take down. Nothing was changed."))
    if not can_withdraw(delivery):
        raise Refusal(
            _("It cannot be taken down from here. Delete it there yourself, then say so on this page."),
            reason="by_hand",
        )
    record(member, "delivery.withdraw", delivery, before={"state": delivery.state})
    enqueue("publishing.withdraw", delivery=str(delivery.pk), once=f"withdraw:{delivery.pk}")
    return delivery


@transaction.atomic
def say_withdrawn(member: Member, delivery: Delivery) -> Delivery:
    """It was deleted there by hand, or found deleted."""
    require(member, "delivery.settle")
    gone = change(member, delivery, LIVE, "delivery.withdraw", state=DeliveryState.WITHDRAWN, **CLEAN)
    write_word(member, gone, "withdrawn", "")
    announce(DeliveryWithdrawn(gone.pk))
    return gone


async def take_down(delivery_id: UUID) -> None:
    """The worker's part: one call, its answer written down. What fails is kept as published, with the reason."""
    delivery = await on_database(by_id, delivery_id)
    if delivery is None or delivery.state != DeliveryState.PUBLISHED:
        return
    connector = registry.get(delivery.account.channel)
    if connector.publishing is None:
        return
    account = (await on_database(accounts_by_id, [delivery.account_id]))[delivery.account_id]
    reason, said = "", ""
    async with http.hold():
        try:
            async with session_of(account) as session, asyncio.timeout(LEASE):
                await connector.publishing.withdraw(session, delivery.remote_id)
        except ConnectorError as error:
            reason, said = error.reason, error.said
        except TimeoutError:
            reason = "no_answer"
    await on_database(_write, delivery, reason, said)


@transaction.atomic
def _write(delivery: Delivery, reason: str, said: str) -> None:
    attempt = next_attempt(delivery, Step.WITHDRAW)
    attempt.ended_at = now()
    attempt.outcome = "published" if reason else "withdrawn"
    attempt.reason, attempt.said = reason[:60], said
    attempt.save(force_insert=True)
    if reason:
        delivery.reason, delivery.said = reason[:60], said
        delivery.save(update_fields=["reason", "said"])
        problems_changed([delivery.pk])
        return
    GRAPH.check(delivery.state, DeliveryState.WITHDRAWN)
    delivery.state = DeliveryState.WITHDRAWN
    delivery.changed_at = now()
    delivery.save(update_fields=["state", "changed_at"])
    announce(DeliveryWithdrawn(delivery.pk))
