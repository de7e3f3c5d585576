"""Other words for a live post: the form with the live words, the yes it may need, and what became of each change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kitestring.connectorkit.counting import measure
from kitestring.connectorkit.manifest import PublishKind
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.publishing.actions.ask_rewording import ask_rewording, drop_rewording
from kitestring.domains.publishing.actions.decide_rewording import approve_rewording, decline_rewording
from kitestring.domains.publishing.models import Delivery, Rewording, RewordingState
from kitestring.domains.publishing.queries.rewordings import (
    can_reword,
    live_words,
    rewording_for,
)
from kitestring.domains.publishing.rules.rewording import digest_of_words
from kitestring.domains.publishing.rules.telling import channel_name
from kitestring.domains.publishing.views.page import found, page_of, title_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


def kind_of(delivery: Delivery) -> PublishKind | None:
    try:
        return manifest_for(delivery.account).kind(delivery.publish_kind)
    except KeyError:
        return None


def counted(delivery: Delivery, text: str) -> dict[str, Any]:
    """The live count by this kind's own measure: how much of how much, and what is too much."""
    kind = kind_of(delivery)
    if kind is None:
        return {}
    told = measure(text, kind.text)
    problem = ""
    if told.over:
        problem = _("%(n)s too many for this channel.") % {"n": told.over}
    elif told.bytes_over:
        problem = _("%(n)s bytes too many for this channel.") % {"n": told.bytes_over}
    return {"count": told.count, "limit": told.limit, "problem": problem}


@members_only("delivery.schedule")
@require_http_methods(["GET", "POST"])
def words(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """The form with the words that are live; POST asks for the change."""
    here = found(request, delivery_id)
    if request.method == "GET":
        if not can_reword(here):
            raise Http404
        return _form(request, here)
    given = {key: request.POST.get(key, "") for key in ("text", "title", "why", "seen")}
    kind = kind_of(here)
    title = given["title"] if kind is not None and kind.title is not None else live_words(here).title
    try:
        one = ask_rewording(request.member, here, given["text"], title, why=given["why"], seen=given["seen"])
    except Refusal as refusal:
        if refusal.reason == "not_permitted":
            raise
        return _form(request, here, given, refusal)
    waits = one.state == RewordingState.WAITING
    messages.success(
        request,
        _("It waits for a yes. The live words stay until then.")
        if waits
        else _("The words are being changed."),
    )
    return redirect("publishing:delivery", here.pk)


def _form(
    request: MemberRequest,
    here: Delivery,
    given: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    live, kind = live_words(here), kind_of(here)
    typed = given or {"text": live.text, "title": live.title, "why": ""}
    page = {
        "delivery": here,
        "account": here.account,
        "name": title_of(here),
        "channel": channel_name(here.account.channel),
        "live": live,
        "seen": digest_of_words(*live),
        "typed": typed,
        "has_title": kind is not None and kind.title is not None,
        "refusal": refusal,
        "needs_yes": here.account.brand.needs_approval,
        "files": len(here.payload.get("media") or []),
        **counted(here, typed["text"]),
    }
    return render(request, "publishing/reword.html", page, status=422 if refusal else 200)


@members_only("delivery.schedule")
@require_POST
def count(request: MemberRequest, delivery_id: UUID) -> HttpResponse:
    """How long the words are by the channel's own count."""
    here = found(request, delivery_id)
    return render(request, "publishing/_words_count.html", counted(here, request.POST.get("text", "")))


@members_only("post.read")
@require_POST
def decide(request: MemberRequest, rewording_id: UUID, verb: str) -> HttpResponse:
    """Approve (`seen`: the digest that was read), send back with a note, or take back."""
    try:
        one = rewording_for(request.member, rewording_id)
    except Rewording.DoesNotExist as error:
        raise Http404 from error
    here = found(request, one.delivery_id)
    try:
        told = _decided(request, one, verb)
    except Refusal as refusal:
        if refusal.field != "note":
            raise
        page = {**page_of(request, here), "note_error": refusal.message}
        return render(request, "publishing/delivery.html", page, status=422)
    messages.success(request, told)
    return redirect("publishing:delivery", here.pk)


def _decided(request: MemberRequest, one: Rewording, verb: str) -> str:
    if verb == "approve":
        approve_rewording(request.member, one, request.POST.get("seen", ""))
        return _("Approved. The words are being changed.")
    if verb == "decline":
        decline_rewording(request.member, one, request.POST.get("note", ""))
        return _("Sent back. The live words stay.")
    if verb == "drop":
        drop_rewording(request.member, one)
        return _("Taken back. The live words stay.")
    raise Http404
