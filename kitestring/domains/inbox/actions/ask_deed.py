"""Asks for a deed on what somebody wrote: the wish and its job in one transaction, done by the worker (`do_deed`)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.inbox.models import Deed, DeedKind, DeedState, Message
from kitestring.domains.inbox.models.deed import GRAPH, UNDONE
from kitestring.domains.inbox.queries.deeds import deeds_on, message_held, offered, open_deed, stands
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Conflict, Refusal

TASK = "inbox.deed"


@transaction.atomic
def ask_deed(member: Member, message_id: UUID, kind: str, *, on: bool = True) -> Deed:
    """Asked twice it is one wish. Its contrary, while nobody is at it, takes it back. Raises Message.DoesNotExist."""
    require(member, "inbox.reply")
    message = message_held(member, message_id)
    _refuse_impossible(message, kind, on)
    present = open_deed(message, kind)
    if present is not None and present.on is on:
        return present
    if present is not None:
        if not _dropped(member, message, present):
            return present
    elif stands(message, kind) is on:
        raise Conflict(_("It is so already. Nothing was changed."))
    deed = Deed(message=message, kind=kind, on=on, asked_by=member)
    deed.save(force_insert=True)
    _record(member, message, deed)
    wake(deed.pk)
    return deed


def wake(deed_id: UUID) -> None:
    """A job that does it; what it loses the round finds on the row."""
    enqueue(TASK, once=f"{TASK}:{deed_id}", deed=str(deed_id))


def _refuse_impossible(message: Message, kind: str, on: bool) -> None:
    possible = offered(message, deeds_on(message.account, message.conversation.sort))
    if kind not in possible or not (on or kind in UNDONE):
        raise Refusal(
            _("This cannot be done from here. Nothing was changed; open it on the channel and do it there."),
            reason="cannot",
        )


def _dropped(member: Member, message: Message, present: Deed) -> bool:
    """Take back what is asked for; whether the channel must be told too, because it was tried already."""
    if present.state == DeedState.UNDER_WAY:
        raise Conflict(_("The channel is being told just now. Wait a moment, then try again."))
    GRAPH.check(present.state, DeedState.DROPPED)
    present.state, present.ended_at = DeedState.DROPPED, now()
    present.save(update_fields=["state", "ended_at"])
    record(member, "inbox.drop", message.conversation, before={"deed": present.kind})
    return present.tries > 0


def _record(member: Member, message: Message, deed: Deed) -> None:
    verb = {
        (DeedKind.HIDE, True): "inbox.hide",
        (DeedKind.HIDE, False): "inbox.show",
        (DeedKind.LIKE, True): "inbox.like",
        (DeedKind.LIKE, False): "inbox.unlike",
        (DeedKind.REMOVE, True): "inbox.remove",
        (DeedKind.APPROVE, True): "inbox.approve",
    }[DeedKind(deed.kind), deed.on]
    record(member, verb, message.conversation, after={"deed": str(deed.pk), "text": message.text})
