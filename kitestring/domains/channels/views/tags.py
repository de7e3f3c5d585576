"""The tags of an account: what there is, with how many people; making, renaming and dropping them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kitestring.connectorkit import registry
from kitestring.domains.channels.actions.tag import drop_tag, make_tag, rename_tag, tags_of
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


@require_http_methods(["GET", "POST"])
@members_only(permission="account.connect")
def tags(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """POST `do`: "make" with `name`, "rename" with `tag` and `name`, "drop" with `tag`."""
    found = account(request.member, account_id)
    if request.method == "GET":
        return _shown(request, found)
    try:
        said = _done(request, found)
    except Refusal as refusal:
        if refusal.reason in ("not_permitted", "not_found"):
            raise
        wrong = {
            "said": refusal.message,
            "typed": request.POST.get("name", ""),
            "at": request.POST.get("tag", ""),
        }
        return _shown(request, found, status=422, **wrong)
    messages.success(request, said)
    return redirect("channels:tags", found.pk)


def _done(request: MemberRequest, of: Account) -> str:
    given = request.POST
    does, tag, name = given.get("do", ""), given.get("tag", ""), given.get("name", "")
    if does == "drop":
        drop_tag(request.member, of.pk, tag)
        return _("The tag is dropped.")
    if does == "rename":
        rename_tag(request.member, of.pk, tag, name)
        return _("Saved.")
    made = make_tag(request.member, of.pk, name)
    return _("“%(name)s” is there. Posts and menus can choose it.") % {"name": made.name}


def _shown(request: MemberRequest, of: Account, *, status: int = 200, **more: Any) -> HttpResponse:
    page: dict[str, Any] = {"of": of, "facts": None} | more
    try:
        page["tags"] = tags_of(request.member, of.pk)
        page["facts"] = registry.get(of.channel).manifest.tags
    except Refusal as refusal:
        if refusal.reason in ("not_permitted", "not_found"):
            raise
        page["unread"] = refusal.message
    return render(request, "channels/tags.html", page, status=status)
