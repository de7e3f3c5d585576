"""Learns that our answer is live: its remote id joins the message, so it never comes back as news."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from kitestring.domains.inbox.actions.recount import recount
from kitestring.domains.inbox.actions.take_in import refresh
from kitestring.domains.inbox.models import Message
from kitestring.domains.inbox.queries import known_remote_ids, message_of_reply


def adopt_reply(message_id: UUID, remote_id: str, remote_url: str) -> Message | None:
    """Running twice changes nothing. A copy that the fetch stored first is folded into ours."""
    ours = message_of_reply(message_id)
    if ours is None or ours.remote_id == remote_id or not remote_id:
        if ours is not None:
            recount(ours.conversation_id)
        return ours
    try:
        with transaction.atomic():
            twin = known_remote_ids(ours.conversation.account, [remote_id]).get(remote_id)
            if twin is not None:
                twin.delete()
            if ours.remote_id:
                _give_back(ours)
            ours.remote_id = remote_id
            ours.remote_url = remote_url[:1000]
            ours.save(update_fields=["remote_id", "remote_url"])
            refresh(ours.conversation)
    except IntegrityError:
        return message_of_reply(message_id)
    return ours


def _give_back(ours: Message) -> None:
    """It was taken for another one of the same words, written in the channel's own app: that one stands by itself."""
    theirs = Message(
        conversation=ours.conversation,
        account_id=ours.account_id,
        direction=ours.direction,
        remote_id=ours.remote_id,
        parent_remote_id=ours.parent_remote_id,
        remote_url=ours.remote_url,
        text=ours.text,
        language=ours.language,
        at=ours.at,
    )
    ours.remote_id = ""
    ours.save(update_fields=["remote_id"])
    theirs.save(force_insert=True)
