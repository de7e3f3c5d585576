"""Answers a conversation: our message and its delivery in one transaction, sent by the ledger once."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.domains.inbox.actions.take_in import refresh, window_of
from kitestring.domains.inbox.models import Conversation, Direction, Message, Sort
from kitestring.domains.inbox.queries import (
    answers_to,
    conversation_for,
    last_incoming,
    message_for,
    same_answer,
)
from kitestring.domains.inbox.rules import LONGEST_REPLY, window_closed
from kitestring.domains.publishing.actions.reply import schedule_reply
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean
from kitestring.language.identify import identify

AT_ONCE: Final = timedelta(minutes=1)  # the same words to the same message again: a button pressed twice


def refuse_when_closed(conversation: Conversation, answered: Message) -> None:
    """Raise Refusal with the channel's own rule when it takes no (further) answer to this message."""
    window = window_of(conversation)
    if window is None:
        return
    given = answers_to(conversation, answered)
    if window_closed(answered.at, given, now(), window.hours, window.replies):
        rule = window.explains.in_(get_language() or "en")
        said = _("%(rule)s It was not sent; your words are still here.") % {"rule": rule}
        raise Refusal(said, field="text", reason="window_closed")


@transaction.atomic
def reply(member: Member, conversation_id: UUID, text: str, *, to: UUID | None = None) -> Message:
    """Answer the message `to` (their newest one that takes answers when None). Sent twice at once it is one answer.

    Raises Refusal for an empty or endless answer, and where the channel takes none.
    """
    require(member, "inbox.reply")
    conversation = conversation_for(member, conversation_id, lock=True)
    text = clean(text)
    if not text:
        raise Refusal(_("Write an answer first. Nothing was sent."), field="text")
    if len(text) > LONGEST_REPLY:
        message = _(
            "%(n)s characters; an answer holds %(limit)s. It was not sent and is still here: shorten it."
        )
        raise Refusal(message % {"n": f"{len(text):,}", "limit": f"{LONGEST_REPLY:,}"}, field="text")
    answered = message_for(member, to) if to else last_incoming(conversation)
    if answered is None or answered.conversation_id != conversation.pk or not answered.can_reply:
        raise Refusal(
            _("This message takes no answer on its channel. Your words are still here."), field="text"
        )
    if same := same_answer(conversation, answered, text, now() - AT_ONCE):
        return same
    refuse_when_closed(conversation, answered)
    ours = Message(
        conversation=conversation,
        account_id=conversation.account_id,
        direction=Direction.OUT,
        parent_remote_id=answered.remote_id,
        text=text,
        language=identify(text)[:8],
        at=now(),
        written_by=member,
    )
    ours.save(force_insert=True)
    schedule_reply(
        member,
        ours.pk,
        conversation.account,
        text,
        reply_to=answered.remote_id,
        root=conversation.post_remote_id,
        private=conversation.sort == Sort.MESSAGE,
        payload={"language": ours.language},
    )
    refresh(conversation)
    record(member, "inbox.reply", conversation, after={"message": str(ours.pk), "text": text})
    return ours
