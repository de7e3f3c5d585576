"""Publishes the past for real: through each channel's connector, on the emulator, at the hour it was due there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.powers import Publishing
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.actions.outgoing import outgoing
from kitestring.domains.publishing.models import Attempt, Delivery, DeliveryState, Step
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.sandbox.emulated import Emulated

STEPS = 8  # how often a channel with steps is asked how far it is


class NotPublished(Exception):
    """An emulator did not take what the demo's history holds; the world's content is wrong."""


def publish_then(one: Emulated, account: Account, deliveries: Sequence[Delivery]) -> list[Published]:
    """Put them live in this order, each with the platform's clock at the hour it was due; what comes of it is there
    from then on. One session for all: opening one takes longer than what is said in it.
    """
    connector = registry.get(account.channel)
    publishing = connector.publishing
    if publishing is None:
        raise NotPublished(account.channel)
    messages = [(d.due_at, outgoing(_claimed(d), account, connector.manifest)) for d in deliveries]

    async def send(session: Session) -> list[Published]:
        there = []
        for at, message in messages:
            one.platform.clock = _stopped(at)
            there.append(await _sent(publishing, session, message))
        return there

    try:
        return talk(account, send) if messages else []
    finally:
        one.platform.clock = now


def _stopped(at: datetime) -> Callable[[], datetime]:
    return lambda: at


async def _sent(publishing: Publishing, session: Session, message: Outgoing) -> Published:
    publishing.check(session, message)
    outcome, following = await publishing.publish(session, message), message
    for _ in range(STEPS):
        if isinstance(outcome, Published):
            return outcome
        following = replace(following, handle=outcome.handle)
        outcome = await publishing.follow(session, following)
    raise NotPublished(f"{message.title or message.text[:40]}: still under way")


def _claimed(delivery: Delivery) -> Claimed:
    return Claimed(
        id=delivery.pk,
        attempt=uuid7(),
        account_id=delivery.account_id,
        kind=delivery.kind,
        subject_id=delivery.subject_id,
        key=delivery.key,
        stamp=delivery.stamp,
        publish_kind=delivery.publish_kind,
        payload=delivery.payload,
        handle="",
        due_at=delivery.due_at,
        attempts=1,
        unclear=0,
    )


def published(delivery: Delivery, there: Published, at: datetime) -> Attempt:
    """Write the success into the (unsaved) delivery; gives back the attempt that brought it."""
    delivery.state = DeliveryState.PUBLISHED
    delivery.remote_id, delivery.remote_url = there.remote_id, there.url[:1000]
    delivery.attempts, delivery.published_at = 1, at + timedelta(seconds=1)
    delivery.counted_at = at
    return attempt(delivery, at, "published")


def attempt(
    delivery: Delivery,
    at: datetime,
    outcome: str,
    reason: str = "",
    said: str = "",
    *,
    number: int = 1,
    step: str = Step.PUBLISH,
) -> Attempt:
    """A try of the delivery as the ledger would have written it."""
    return Attempt(
        delivery=delivery,
        number=number,
        step=step,
        owner=uuid7(),
        started_at=at,
        ended_at=at + timedelta(seconds=0.9),
        outcome=outcome,
        reason=reason,
        said=said,
    )
