"""Sends an answer to somebody's message through the same ledger: once, now, with a key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.schedule import put
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.queries.deliveries import of_message
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

TOLERANCE = timedelta(hours=24)


@transaction.atomic
def schedule_reply(
    member: Member,
    message_id: UUID,
    account: Account,
    text: str,
    *,
    reply_to: str,
    root: str,
    private: bool = False,
    payload: Mapping[str, Any] | None = None,
    tolerance: timedelta = TOLERANCE,
) -> Delivery:
    """The delivery of our message `message_id`, due now. Called twice for one message it is the same delivery.

    `reply_to`: the remote id answered; `root`: the remote id of the post the conversation grew from, of a `private` one its
    thread; `payload`: more of what a payload may hold ("language", "options", "media").
    """
    require(member, "inbox.reply")
    if account.workspace_id != member.workspace_id:
        raise Refusal(_("This account belongs to another workspace."), reason="not_found")
    if not text.strip():
        raise Refusal(_("Write an answer first. Nothing was sent."), field="text")
    present = of_message(member, message_id).filter(account=account).first()
    if present is not None:
        return present
    manifest = registry.get(account.channel).manifest
    if (manifest.message if private else manifest.reply) is None:
        raise Refusal(_("This channel takes no answers from here. Nothing was sent."), field="text")
    delivery = Delivery(
        account=account,
        kind=DeliveryKind.REPLY,
        subject_id=message_id,
        publish_kind="message" if private else "reply",
        payload={**(payload or {}), "text": text, "reply_to": reply_to, "root": root},
        state=DeliveryState.SCHEDULED,
        due_at=now(),
        stamp=now(),
        tolerance=int(tolerance.total_seconds()),
        needs_approval=False,
        made_by=member,
    )
    return put(member, delivery)
