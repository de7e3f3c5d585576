"""What a person does with somebody else's words: hide, like, remove, let through, each with its way back."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.inbox.actions.ask_deed import ask_deed
from kitestring.domains.inbox.models import DeedKind, Message
from kitestring.domains.inbox.queries import message_for
from kitestring.domains.inbox.queries.deeds import deeds_on, offered
from kitestring.domains.inbox.views.pages import found, list_of
from kitestring.domains.inbox.views.talk import person_of, talk_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


def _message(request: MemberRequest, message_id: UUID) -> Message:
    try:
        return message_for(request.member, message_id)
    except Message.DoesNotExist as error:
        raise Http404 from error


def _thread(request: MemberRequest, message: Message, refusal: Refusal | None = None) -> HttpResponse:
    """The messages as they stand now; what was refused is said under the one it is about."""
    if refusal is None and not request.htmx:
        return redirect("inbox:conversation", message.conversation_id)
    here = found(request, message.conversation_id)
    page = talk_of(request, here) | {"refused": refusal, "refused_on": message.pk}
    status = 422 if refusal else 200
    if request.htmx:
        return render(request, "inbox/_thread.html", page, status=status)
    return render(
        request, "inbox/inbox.html", page | person_of(request, here) | list_of(request), status=status
    )


@members_only("inbox.reply")
@require_POST
def deed(request: MemberRequest, message_id: UUID, kind: str, way: str) -> HttpResponse:
    """Ask for it (`way` "on"), or for its contrary ("off")."""
    message = _message(request, message_id)
    if kind not in DeedKind.values or way not in ("on", "off"):
        raise Http404
    try:
        ask_deed(request.member, message.pk, kind, on=way == "on")
    except Refusal as refusal:
        return _thread(request, message, refusal)
    return _thread(request, message)


@members_only("inbox.reply")
@require_GET
def remove(request: MemberRequest, message_id: UUID) -> HttpResponse:
    """Ask first: what would be gone, and what is kept."""
    message = _message(request, message_id)
    here = found(request, message.conversation_id)
    if DeedKind.REMOVE not in offered(message, deeds_on(here.account, here.sort)):
        raise Http404
    page = {"talk": here, "removing": message}
    if request.htmx:
        return render(request, "inbox/_remove.html", page)
    page |= talk_of(request, here) | person_of(request, here) | list_of(request)
    return render(request, "inbox/inbox.html", page)
