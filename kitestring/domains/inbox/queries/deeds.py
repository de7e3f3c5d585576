"""Reads of deeds on messages, and which of them an account may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from kitestring.connectorkit import registry
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.inbox.models import Conversation, Deed, DeedKind, Direction, Message
from kitestring.domains.inbox.models.deed import OPEN, DeedState
from kitestring.domains.workspaces.models import Member
from kitestring.kit.rows import rows

# Whose lack takes a deed away: its own name, or that of all deeds together.
LACKS: Final = ("inbox", "moderation")
MOST_OPEN: Final = 500
# What nobody is at: never begun, to be asked again, or its worker is gone. Of what is paused only what a pause does not stop.
WAITING: Final = """
SELECT d.id FROM inbox_deed d JOIN inbox_message m ON m.id = d.message_id JOIN channels_account a ON a.id = m.account_id
JOIN brands_brand b ON b.id = a.brand_id JOIN workspaces_workspace w ON w.id = a.workspace_id
WHERE d.state IN ('asked', 'under_way') AND (d.state = 'asked' OR d.lease_until < ks_now())
  AND (d.not_before IS NULL OR d.not_before <= ks_now())
  AND (d.kind IN ('hide', 'remove') OR (a.paused_at IS NULL AND b.paused_at IS NULL AND w.paused_at IS NULL))
ORDER BY d.asked_at, d.id LIMIT %s"""


def connector_of(account: Account) -> Connector | None:
    """None when the channel's folder is gone."""
    return registry.connectors().get(account.channel)


def deeds_on(account: Account, sort: str) -> tuple[DeedKind, ...]:
    """What may be done with a word of this sort ("comment", "mention", "message") on this account.

    Its channel has the power, this kind of account may use it, and no right for it was declined when it was connected.
    """
    connector = connector_of(account)
    if connector is None or account.state != AccountState.CONNECTED:
        return ()
    types = {kind.key: kind.cannot for kind in connector.manifest.account_types}
    cannot = types.get(account.account_type, {})
    found = account.capabilities
    return tuple(
        DeedKind(deed)
        for deed in connector.deeds(sort)
        if not any(key in cannot or isinstance(found.get(key), str) for key in (deed, *LACKS))
    )


def stands(message: Message, kind: str) -> bool:
    """Whether the deed is done there already, as far as we know."""
    return {
        DeedKind.HIDE: message.hidden,
        DeedKind.LIKE: message.liked,
        DeedKind.REMOVE: message.removed_at is not None,
        DeedKind.APPROVE: not message.awaits_moderation,
    }[DeedKind(kind)]


def offered(message: Message, deeds: Iterable[DeedKind]) -> list[DeedKind]:
    """Those of the account's deeds that make sense for this message now, done ones that can be taken back among them."""
    if message.direction != Direction.IN or not message.remote_id or message.removed_at:
        return []
    return [deed for deed in deeds if deed != DeedKind.APPROVE or message.awaits_moderation]


def message_held(member: Member, message_id: UUID) -> Message:
    """One message of the workspace, locked. Raises Message.DoesNotExist."""
    found = Message.objects.select_related("conversation__account", "account").select_for_update(of=("self",))
    return found.get(account__workspace_id=member.workspace_id, pk=message_id)


def open_deed(message: Message, kind: str) -> Deed | None:
    """The one that is asked for or under way, locked."""
    found = Deed.objects.select_for_update(of=("self",))
    return found.filter(message=message, kind=kind, state__in=OPEN).first()


def deeds_of(messages: Iterable[Message]) -> dict[UUID, list[Deed]]:
    """What was ever asked for on these messages, by message, oldest first."""
    told: dict[UUID, list[Deed]] = {}
    found = Deed.objects.filter(message__in=[m.pk for m in messages]).select_related("asked_by")
    for deed in found.order_by("asked_at", "id"):
        told.setdefault(deed.message_id, []).append(deed)
    return told


def hidden_here(messages: Iterable[Message]) -> set[UUID]:
    """Those that somebody of ours hid; what the channel's own filter hid may still be a question nobody saw."""
    hidden = [message.pk for message in messages if message.hidden]
    if not hidden:
        return set()
    done = Deed.objects.filter(message__in=hidden, kind=DeedKind.HIDE, on=True, state=DeedState.DONE)
    return set(done.values_list("message_id", flat=True))


def deed_at_work(deed_id: UUID) -> Deed:
    """For the worker, with its message, account and workspace."""
    return Deed.objects.select_related(
        "asked_by", "message__conversation__brand", "message__account__brand", "message__account__workspace"
    ).get(pk=deed_id)


def message_at_work(message_id: UUID) -> Message:
    """For the worker that writes down what became of a deed; locked, and its conversation before it, as whoever takes
    messages in holds them."""
    Conversation.objects.select_for_update(of=("self",), no_key=True).get(messages=message_id)
    found = Message.objects.select_related("conversation__account", "conversation__brand")
    return found.select_for_update(of=("self",), no_key=True).get(pk=message_id)


def waiting_deeds() -> list[UUID]:
    """Deeds that nobody is at, the oldest first: what an emptied queue or a dead worker left."""
    return [row[0] for row in rows(WAITING, MOST_OPEN)]
