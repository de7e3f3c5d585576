"""Pages of briefs and ideas."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.save_brief import ANSWERS, save_brief
from kitestring.domains.ideas.actions.shortlist import shortlist
from kitestring.domains.ideas.actions.vote import vote
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.ideas.forms import ideas_from
from kitestring.domains.ideas.models import Brief, Idea, Response
from kitestring.domains.ideas.queries import brief_for, briefs_with_counts, has_voted, ideas_of, voters
from kitestring.domains.ideas.rules import holes
from kitestring.domains.ideas.views.letter import letter
from kitestring.domains.ideas.views.wall import Wall, wall_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Conflict, Refusal


def _brief(request: MemberRequest, brief_id: UUID) -> Brief:
    try:
        return brief_for(request.member, brief_id)
    except Brief.DoesNotExist as error:
        raise Http404 from error


@members_only("brief.read")
@require_http_methods(["GET", "POST"])
def briefs(request: MemberRequest) -> HttpResponse:
    """Plan: the brand's briefs, each with how far it has come. POST starts one."""
    error = ""
    if request.method == "POST":
        if request.brand is None:
            raise Refusal(_("There is no brand yet. Add one in Settings, then write its brief."))
        try:
            brief = write_brief(request.member, request.brand, request.POST.get("title", ""))
            return redirect("ideas:brief", brief.pk)
        except Refusal as refusal:
            if refusal.field != "title":
                raise
            error = refusal.message
    page = {
        "briefs": briefs_with_counts(request.member, request.brand)[:100],
        "may_write": may(request.member, "brief.write"),
        "error": error,
        "title": request.POST.get("title", ""),
    }
    return render(request, "ideas/briefs.html", page, status=422 if error else 200)


def _page(request: MemberRequest, brief: Brief) -> dict[str, Any]:
    decision = getattr(brief, "decision", None)
    return {
        "brief": brief,
        "letter": letter(brief),
        "responses": Response.choices,
        "decision": decision,
        "idea_count": brief.ideas.count(),
        "holes": holes({"key_message": brief.key_message, "response": brief.response}),
        "may_write": may(request.member, "brief.write") and decision is None,
    }


@members_only("brief.read")
@require_http_methods(["GET", "POST"])
def brief(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """The letter. POST saves the answers sent and returns the margins, or says what stood in the way."""
    if request.method == "GET":
        return render(
            request, "ideas/brief.html", _page(request, _brief(request, brief_id)) | {"tab": uuid4()}
        )
    answers = {name: request.POST[name] for name in ANSWERS if name in request.POST}
    try:
        saved = save_brief(request.member, brief_id, answers, _version(request), request.POST.get("tab", ""))
    except Refusal as refusal:
        theirs = _brief(request, brief_id)
        page = _page(request, theirs) | {"refusal": refusal, "conflict": isinstance(refusal, Conflict)}
        return render(request, "ideas/brief_saved.html", page, status=409 if page["conflict"] else 422)
    return render(
        request, "ideas/brief_saved.html", _page(request, saved) | {"refusal": None, "conflict": False}
    )


def _version(request: MemberRequest) -> int:
    try:
        return int(request.POST.get("version", ""))
    except ValueError:
        return 0


def _wall(request: MemberRequest, brief: Brief) -> Wall:
    return wall_of(
        ideas_of(brief, request.member),
        voters=voters(brief),
        decided=getattr(brief, "decision", None),
        language=request.GET.get("language", ""),
        order=request.GET.get("order", ""),
    )


@members_only("brief.read")
@require_http_methods(["GET", "POST"])
def wall(request: MemberRequest, brief_id: UUID) -> HttpResponse:
    """The idea wall with its decision bar. POST takes in pasted lines and a CSV file."""
    here = _brief(request, brief_id)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            texts = ideas_from(request.POST.get("ideas", ""), request.FILES.get("file"))
            messages.success(request, _added(add_ideas(request.member, here.pk, texts)))
            return redirect("ideas:wall", here.pk)
        except Refusal as refused:
            if refused.field not in {"ideas", "file"}:
                raise
            refusal = refused
    return wall_page(request, here, refusal=refusal)


def wall_page(
    request: MemberRequest, here: Brief, *, refusal: Refusal | None = None, undecided: Refusal | None = None
) -> HttpResponse:
    """The wall; `refusal` stands in the dialog that adds ideas, `undecided` in the bar that decides."""
    page = _page(request, here) | {
        "wall": _wall(request, here),
        "refusal": refusal,
        "undecided": undecided,
        "chosen": request.POST.get("idea", ""),
        "reason": request.POST.get("reason", ""),
        "pasted": request.POST.get("ideas", ""),
        "may_add": may(request.member, "idea.add") and here_open(here),
        "may_vote": may(request.member, "idea.vote"),
        "may_shortlist": may(request.member, "idea.shortlist") and here_open(here),
        "may_decide": may(request.member, "decision.make") and here_open(here),
    }
    return render(request, "ideas/wall.html", page, status=422 if refusal or undecided else 200)


def _added(ideas: list[Idea]) -> str:
    same = sum(1 for idea in ideas if idea.repeats_id is not None)
    added = ngettext("%(num)s idea added.", "%(num)s ideas added.", len(ideas)) % {"num": len(ideas)}
    if not same:
        return added
    told = ngettext(
        "%(added)s %(num)s of them repeats an earlier one and is folded under it.",
        "%(added)s %(num)s of them repeat an earlier one and are folded under it.",
        same,
    )
    return told % {"added": added, "num": same}


def here_open(brief: Brief) -> bool:
    """Whether the brief still waits for its decision."""
    return getattr(brief, "decision", None) is None


def _answer(request: MemberRequest, idea: Idea, *, whole: bool) -> HttpResponse:
    """What a press on a card changes: the card alone or the `whole` wall, and always the counts and the picker."""
    here = _brief(request, idea.brief_id)
    wall = _wall(request, here)
    page = {
        "card": next((card for card in wall.cards if card.idea.pk == idea.pk), None),
        "whole": whole,
        "wall": wall,
        "brief": here,
        "may_vote": may(request.member, "idea.vote"),
        "may_shortlist": may(request.member, "idea.shortlist"),
        "may_decide": may(request.member, "decision.make"),
        "chosen": request.POST.get("idea", ""),
        "fragment": True,
    }
    return render(request, "ideas/pressed.html", page)


@members_only("idea.vote")
@require_POST
def votes(request: MemberRequest, idea_id: UUID) -> HttpResponse:
    """`yes=1` votes, anything else takes the vote back. A first vote opens all counts, so the whole wall answers."""
    try:
        before = has_voted(request.member, idea_id)
        idea = vote(request.member, idea_id, yes=request.POST.get("yes") == "1")
    except Idea.DoesNotExist as error:
        raise Http404 from error
    return _answer(request, idea, whole=before != has_voted(request.member, idea_id))


@members_only("idea.shortlist")
@require_POST
def shortlisting(request: MemberRequest, idea_id: UUID) -> HttpResponse:
    """`on=1` puts the idea on the shortlist: it moves to that column, so the whole wall answers."""
    try:
        idea = shortlist(request.member, idea_id, on=request.POST.get("on") == "1")
    except Idea.DoesNotExist as error:
        raise Http404 from error
    return _answer(request, idea, whole=True)
