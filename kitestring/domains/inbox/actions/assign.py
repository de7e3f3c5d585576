"""Gives a conversation to a member, or to nobody."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.inbox.models import Conversation, Stance
from kitestring.domains.inbox.queries import conversation_for
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may, require
from kitestring.kit.refusals import Refusal


@transaction.atomic
def assign(member: Member, conversation_id: UUID, to: Member | None) -> Conversation:
    """Raises Refusal when `to` is of another workspace or may not answer."""
    require(member, "inbox.reply")
    conversation = conversation_for(member, conversation_id, lock=True)
    if to is not None and (to.workspace_id != member.workspace_id or not may(to, "inbox.reply")):
        raise Refusal(_("This person cannot answer here. The conversation stays with whoever has it."))
    before = conversation.assigned_to
    conversation.assigned_to = to
    conversation.save(update_fields=["assigned_to"])
    record(
        member,
        "inbox.assign",
        conversation,
        before={"to": before.name if before else ""},
        after={"to": to.name if to else ""},
    )
    return conversation


@transaction.atomic
def say_stance(member: Member, conversation_id: UUID, stance: str) -> Conversation:
    """Note what kind of person this is: customer, partner, rival, troll."""
    require(member, "inbox.reply")
    conversation = conversation_for(member, conversation_id, lock=True)
    if stance not in Stance.values:
        raise Refusal(_("Choose one of the kinds offered."))
    contact = conversation.contact
    before, contact.stance = contact.stance, stance
    contact.save(update_fields=["stance"])
    record(member, "inbox.stance", contact, before={"stance": before}, after={"stance": stance})
    return conversation
