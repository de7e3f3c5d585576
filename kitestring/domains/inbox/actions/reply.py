"""Answers a conversation: our message and its delivery in one transaction, sent by the ledger once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.domains.composing.actions.refuse_unruly import refusal_of
from kitestring.domains.inbox.actions.claim import claimed_with, may_claim, refuse_own_exemption
from kitestring.domains.inbox.actions.take_in import refresh, window_of
from kitestring.domains.inbox.models import Conversation, Direction, Message, Sort
from kitestring.domains.inbox.queries import (
    answers_to,
    conversation_for,
    last_incoming,
    message_for,
    same_answer,
)
from kitestring.domains.inbox.queries.ruled import hits_on_answer
from kitestring.domains.inbox.rules import LONGEST_REPLY, window_closed
from kitestring.domains.publishing.actions.reply import schedule_reply
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean
from kitestring.language.identify import identify
from kitestring.rulepacks import Hit

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
def reply(
    member: Member,
    conversation_id: UUID,
    text: str,
    *,
    to: UUID | None = None,
    claims: Iterable[Mapping[str, str]] = (),
) -> Message:
    """Answer the message `to` (their newest one that takes answers when None). Sent twice at once it is one answer.

    `claims`: exemptions from rules, as `claimed_with` reads them. Raises Refusal for an empty or endless answer, where the
    channel takes none, and where a rule forbids it and no exemption holds.
    """
    require(member, "inbox.reply")
    conversation = conversation_for(member, conversation_id, lock=True)
    text = _checked(text)
    answered = message_for(member, to) if to else last_incoming(conversation)
    if answered is None or answered.conversation_id != conversation.pk:
        raise _takes_none()
    if same := same_answer(conversation, answered, text, now() - AT_ONCE):
        return same
    refuse_when_closed(conversation, answered)
    exempt = exempt_from_rules(member, conversation, answered, text, claims)
    if not answered.can_reply:
        raise _takes_none()
    ours = kept_answer(member, conversation, answered, text, exempt)
    _send(member, conversation, ours)
    refresh(conversation)
    told = {"message": str(ours.pk), "text": text} | ({"exemptions": exempt} if exempt else {})
    record(member, "inbox.reply", conversation, after=told)
    return ours


def kept_answer(
    member: Member,
    conversation: Conversation,
    answered: Message,
    text: str,
    exempt: Sequence[Mapping[str, str]] = (),
) -> Message:
    """Our message under the one it answers, as it stands in the thread before it is sent."""
    ours = Message(
        conversation=conversation,
        account_id=conversation.account_id,
        direction=Direction.OUT,
        parent_remote_id=answered.remote_id,
        text=text,
        language=identify(text)[:8],
        at=now(),
        written_by=member,
        exemptions=list(exempt),
    )
    ours.save(force_insert=True)
    return ours


def _send(member: Member, conversation: Conversation, ours: Message) -> None:
    schedule_reply(
        member,
        ours.pk,
        conversation.account,
        ours.text,
        reply_to=ours.parent_remote_id,
        root=conversation.post_remote_id,
        private=conversation.sort == Sort.MESSAGE,
        payload={"language": ours.language},
    )


def _checked(text: str) -> str:
    """The words as they are sent. Raises Refusal for none and for too many."""
    text = clean(text)
    if not text:
        raise Refusal(_("Write an answer first. Nothing was sent."), field="text")
    if len(text) > LONGEST_REPLY:
        message = _(
            "%(n)s characters; an answer holds %(limit)s. It was not sent and is still here: shorten it."
        )
        raise Refusal(message % {"n": f"{len(text):,}", "limit": f"{LONGEST_REPLY:,}"}, field="text")
    return text


def _takes_none() -> Refusal:
    return Refusal(_("This message takes no answer on its channel. Your words are still here."), field="text")


def exempt_from_rules(
    member: Member,
    conversation: Conversation,
    answered: Message,
    text: str,
    claims: Iterable[Mapping[str, str]],
    **told: Any,
) -> list[dict[str, Any]]:
    """The exemptions that are needed for these words, as they are kept. Raises Refusal for the first error that stands,
    `told` as `refuse_ruled` takes it."""
    claimed = claimed_with(member, claims)
    if claimed:
        refuse_own_exemption(member, conversation, hits_on_answer(conversation, answered, text), claimed)
    hits = hits_on_answer(conversation, answered, text, claimed)
    refuse_ruled(conversation, hits, claimable=may_claim(member, conversation), **told)
    met = {(hit.rule, hit.words) for hit in hits}
    return [one.frozen() for one in claimed if (one.rule, one.words) in met]


def refuse_ruled(
    conversation: Conversation,
    hits: Sequence[Hit],
    cure: str = "",
    *,
    claim: str = "",
    field: str | None = None,
    claimable: bool = True,
) -> None:
    """Raise Refusal for the first of `hits` that is an error. `cure`: what to do, `claim`: where an exemption may be claimed;
    of an answer in words where it is "".

    `claimable`: whether this member may claim an exemption.
    """
    for hit in hits:
        if hit.severity != "error":
            continue
        told = cure or _("It was not sent and is still here: change the words.")
        if hit.exemptions and claimable and claim:
            told = claim
        if hit.exemptions and not cure:
            told = (
                _("It was not sent and is still here: change the words, or claim an exemption below.")
                if claimable
                else _("It was not sent and is still here: change the words, or ask a manager to answer.")
            )
        refused = refusal_of(conversation.account, hit, told)
        raise Refusal(refused.message, field=refused.field if field is None else field, reason=refused.reason)
