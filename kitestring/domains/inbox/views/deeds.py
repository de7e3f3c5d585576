"""What a person does in the inbox: answer, set aside, take back, give to somebody, say who this is."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kitestring.domains.inbox.actions.assign import assign as give
from kitestring.domains.inbox.actions.assign import say_stance
from kitestring.domains.inbox.actions.reply import reply as answer
from kitestring.domains.inbox.actions.set_aside import set_aside, take_back
from kitestring.domains.inbox.models import Conversation
from kitestring.domains.inbox.queries import next_owed
from kitestring.domains.inbox.views.claims import claims_in
from kitestring.domains.inbox.views.lines import asked_of, query_of
from kitestring.domains.inbox.views.pages import found, list_of
from kitestring.domains.inbox.views.talk import person_of, talk_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.queries import colleague
from kitestring.kit.refusals import Refusal
from kitestring.ui.marks import person_name

RENEW = "inbox:renew"


def _pane(
    request: MemberRequest,
    here: Conversation,
    *,
    refusal: Refusal | None = None,
    toast: dict[str, str] | None = None,
) -> HttpResponse:
    """The conversation as it stands now, for the page or the pane alone."""
    text = request.POST.get("text", "") if refusal else ""
    claims = claims_in(request.POST) if refusal else []
    page = talk_of(request, here, text, claims) | person_of(request, here)
    page |= {"refusal": refusal, "toast": toast, "query": query_of(request)}
    status = 422 if refusal else 200
    if not request.htmx:
        return render(request, "inbox/inbox.html", page | list_of(request), status=status)
    response = render(request, "inbox/_pane.html", page, status=status)
    response.headers["HX-Trigger"] = RENEW
    return response


def _onward(
    request: MemberRequest, here: Conversation, after: UUID | None, toast: dict[str, str]
) -> HttpResponse:
    """The pane of the next conversation, or of the same one when it was the last; `toast` says what became of `here`."""
    there = after or here.pk
    response = _pane(request, found(request, there), toast=toast)
    response.headers["HX-Push-Url"] = reverse("inbox:conversation", args=[there]) + query_of(request)
    return response


@members_only("inbox.reply")
@require_POST
def reply(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Answer; what is refused is said beside the words, which stay. `then=next`: the next one owed opens."""
    here = found(request, conversation_id)
    onward = request.POST.get("then") == "next"
    after = next_owed(request.member, here, asked_of(request)) if onward else None
    try:
        answer(request.member, here.pk, request.POST.get("text", ""), claims=claims_in(request.POST))
    except Refusal as refusal:
        return _pane(request, here, refusal=refusal)
    if not request.htmx:
        return redirect("inbox:conversation", here.pk)
    if after is None:
        return _pane(request, found(request, here.pk))
    told = _("Your answer to %(name)s is on its way.") % {
        "name": person_name(here.contact_name, here.account)
    }
    look = reverse("inbox:conversation", args=[here.pk]) + query_of(request)
    return _onward(request, here, after, {"text": told, "look": look})


@members_only("inbox.reply")
@require_POST
def aside(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """No answer needed; the next one owed opens, with a way back."""
    here = found(request, conversation_id)
    after = next_owed(request.member, here, asked_of(request))
    set_aside(request.member, here.pk)
    told = _("No answer needed: %(name)s.") % {"name": person_name(here.contact_name, here.account)}
    if not request.htmx:
        messages.success(request, told)
        return redirect("inbox:list")
    toast = {"text": told, "undo": reverse("inbox:take_back", args=[here.pk])}
    return _onward(request, here, after, toast)


@members_only("inbox.reply")
@require_POST
def back(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Undo: it is owed again."""
    take_back(request.member, conversation_id)
    if not request.htmx:
        return redirect("inbox:conversation", conversation_id)
    return HttpResponse(status=204, headers={"HX-Trigger": RENEW})


@members_only("inbox.reply")
@require_POST
def assign(request: MemberRequest, conversation_id: UUID, member_id: UUID | None = None) -> HttpResponse:
    to = colleague(request.member, member_id) if member_id else None
    give(request.member, found(request, conversation_id).pk, to)
    return _pane(request, found(request, conversation_id))


@members_only("inbox.reply")
@require_POST
def stance(request: MemberRequest, conversation_id: UUID, kind: str) -> HttpResponse:
    say_stance(request.member, found(request, conversation_id).pk, kind)
    return _pane(request, found(request, conversation_id))
