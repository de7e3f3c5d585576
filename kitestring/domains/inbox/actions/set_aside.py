"""Says that a conversation needs no answer; a new message of theirs opens it again."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.inbox.actions.take_in import refresh
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.inbox.queries import conversation_for
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now


@transaction.atomic
def set_aside(member: Member, conversation_id: UUID) -> Conversation:
    require(member, "inbox.reply")
    conversation = conversation_for(member, conversation_id, lock=True)
    if conversation.owed_since is not None:
        before = conversation.owed_since.isoformat()
        conversation.owed_since = conversation.answer_by = None
        conversation.closed_at = now()
        conversation.save(update_fields=["owed_since", "answer_by", "closed_at"])
        record(member, "inbox.set_aside", conversation, before={"owed_since": before})
    return conversation


@transaction.atomic
def take_back(member: Member, conversation_id: UUID) -> Conversation:
    """Undo: it is owed again if their word was the last."""
    require(member, "inbox.reply")
    conversation = conversation_for(member, conversation_id, lock=True)
    conversation.closed_at = None
    refresh(conversation)
    record(member, "inbox.take_back", conversation)
    return conversation
