"""Every frozen state of a post, and the way back to one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.composing.actions.restore import restore
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.composing.queries import post_for, revision_for
from kitestring.domains.composing.queries.past import past_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Conflict


def _page(request: MemberRequest, post_id: UUID, conflict: str = "") -> HttpResponse:
    try:
        post = post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error
    page = {
        "post": post,
        "past": past_of(post, request.member.language),
        "may_write": may(request.member, "post.write"),
        "conflict": conflict,
    }
    return render(request, "composing/revisions.html", page, status=409 if conflict else 200)


@members_only("post.read")
@require_GET
def revisions(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Every frozen state of the post, newest first."""
    return _page(request, post_id)


@members_only("post.write")
@require_POST
def restore_revision(request: MemberRequest, revision_id: UUID) -> HttpResponse:
    """Write a revision's words back; `version` is the post's when the list was opened. The later of two is told."""
    try:
        revision = revision_for(request.member, revision_id)
    except Revision.DoesNotExist as error:
        raise Http404 from error
    version = request.POST.get("version", "")
    try:
        restore(request.member, revision, int(version) if version.isdecimal() and len(version) < 10 else 0)
    except Conflict as conflict:
        return _page(request, revision.post_id, conflict.message)
    messages.success(
        request,
        _("The words of revision %(n)s are back. What stood here before is kept as a revision.")
        % {"n": revision.number},
    )
    return redirect("composing:post", revision.post_id)
