"""Fragments that say what is left of quotas: beside each way of publishing, among the checks, in the schedule dialog."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.forms import moment_from
from kitestring.domains.publishing.queries.quota_notes import quota_notes
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.to_come import wished
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@members_only("post.read")
@require_GET
def of_post(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """For the composer: what each variant meets at the hour it has, or would have."""
    post = _post(request, post_id)
    notes = quota_notes(request.member, post, wished(post.planned_for, now()))
    page = {
        "variants": [v.pk for v in post.variants.all()],
        "notes": notes,
        "full": [note for note in notes if note.use.full],
        **clocks(post.brand.zone),
    }
    return render(request, "publishing/_quotas.html", page)


@members_only("post.read")
@require_GET
def at_hour(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """For the schedule dialog: what all of them would meet at `day` and `time`; nothing while that is no hour."""
    post = _post(request, post_id)
    try:
        notes = quota_notes(request.member, post, moment_from(request.GET, post.brand.zone), all_at=True)
    except Refusal:
        notes = []
    return render(request, "publishing/_quota_notes.html", {"notes": notes, **clocks(post.brand.zone)})


def _post(request: MemberRequest, post_id: UUID) -> Post:
    try:
        return post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error
