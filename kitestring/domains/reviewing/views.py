"""Asking for, giving and refusing approval; what the composer and Today show of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.about import told_whole
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.composing.queries.settings_told import settings_told
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve, decline, own_question
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.reviewing.queries import (
    approval_for,
    is_stale,
    latest_approval,
    who_else_approves,
)
from kitestring.domains.reviewing.queries.changes import since_answer
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal


def _post(request: MemberRequest, post_id: UUID) -> Post:
    try:
        return post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error


def _approval(request: MemberRequest, approval_id: UUID) -> Approval:
    try:
        return approval_for(request.member, approval_id)
    except Approval.DoesNotExist as error:
        raise Http404 from error


def standing(request: MemberRequest, post: Post) -> dict[str, Any]:
    """Where the post's approval stands now: `approval` (newest), `stale` (edited since, though it may be as it was again)."""
    approval = latest_approval(post)
    others = who_else_approves(request.member, approval) if approval is not None else ""
    stale = approval is not None and is_stale(approval, post)
    return {
        "post": post,
        "approval": approval,
        "stale": stale,
        "asked": approval is not None and not stale and approval.state == ApprovalState.ASKED,
        "approved": approval is not None and not stale and approval.state == ApprovalState.APPROVED,
        "declined": approval is not None and not stale and approval.state == ApprovalState.DECLINED,
        "needed": post.brand.needs_approval,
        "may_ask": may(request.member, "approval.ask"),
        "may_give": may(request.member, "approval.give") and not others,
        "own": own_question(others) if others and may(request.member, "approval.give") else "",
    }


@members_only("post.read")
@require_GET
def of_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """A fragment: the approval of a post as it stands now."""
    return render(request, "reviewing/of_post.html", standing(request, _post(request, post_id)))


@members_only("approval.ask")
@require_POST
def ask(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Freeze the post and ask; answers with the fragment, or goes back to the post."""
    _post(request, post_id)
    ask_approval(request.member, post_id)
    if request.htmx:
        answer = render(request, "reviewing/of_post.html", standing(request, _post(request, post_id)))
        answer.headers["HX-Trigger"] = "rescheduled, asked"
        return answer
    return redirect("composing:post", post_id)


def _reading(request: MemberRequest, approval: Approval) -> dict[str, Any]:
    """What the approver reads: the post as each account will carry it, and what changed since it was last answered."""
    post = _post(request, approval.revision.post_id)
    sides = sides_of(post, request.member.language)
    return standing(request, post) | {
        "this": approval,
        "sides": sides,
        "declared": told_whole(post.about),
        "settings": {side.variant.pk: settings_told(side.variant, request.member.language) for side in sides},
        "since": since_answer(request.member, approval),
        "note": request.POST.get("note", ""),
    }


@members_only("post.read")
@require_GET
def review(request: MemberRequest, approval_id: UUID) -> HttpResponse:
    """The approver's page: the post as it will appear, what changed since the last answer, two buttons."""
    return render(request, "reviewing/review.html", _reading(request, _approval(request, approval_id)))


@members_only("approval.give")
@require_POST
def decide(request: MemberRequest, approval_id: UUID) -> HttpResponse:
    """`answer` is "yes" or "no"; a no needs a `note`. From a list (htmx) the row answers with its new state."""
    approval = _approval(request, approval_id)
    try:
        if request.POST.get("answer") == "yes":
            approve(request.member, approval.pk, note=request.POST.get("note", ""))
        else:
            decline(request.member, approval.pk, note=request.POST.get("note", ""))
    except Refusal as refusal:
        if refusal.field != "note" or request.htmx:
            raise
        page = _reading(request, approval) | {"error": refusal.message}
        return render(request, "reviewing/review.html", page, status=422)
    if request.htmx:
        return render(request, "reviewing/decided_row.html", {"this": _approval(request, approval.pk)})
    return redirect("web:today")
