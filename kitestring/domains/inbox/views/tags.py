"""The tags that a person has on the channel: asked for when somebody wants to see them, put on and taken off one by one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kitestring.domains.channels.actions.tag import put_tag, worn_by
from kitestring.domains.inbox.views.pages import found
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


@members_only("inbox.reply")
@require_http_methods(["GET", "POST"])
def tags(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """POST `tag` with `on` "1" or "". A fragment beside the conversation, or a page of its own without script."""
    here = found(request, conversation_id)
    page: dict[str, Any] = {"talk": here}
    try:
        if request.method == "POST":
            put_tag(
                request.member,
                here.account_id,
                here.contact.remote_id,
                request.POST.get("tag", ""),
                on=request.POST.get("on") == "1",
            )
            if not request.htmx:
                return redirect("inbox:tags", here.pk)
        page["worn"] = worn_by(request.member, here.account_id, here.contact.remote_id)
    except Refusal as refusal:
        if refusal.reason in ("not_permitted", "not_found"):
            raise
        page["refused"] = refusal.message
    status = 422 if page.get("refused") and request.method == "POST" and not request.htmx else 200
    return render(request, "inbox/_tags.html" if request.htmx else "inbox/tags.html", page, status=status)
