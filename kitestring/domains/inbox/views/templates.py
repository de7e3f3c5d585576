"""Sending a person a template: choose one, fill its blanks, look at it, send. A page of its own, no script needed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kitestring.connectorkit import registry
from kitestring.domains.inbox.actions.send_template import send_template, templates_for
from kitestring.domains.inbox.views.claims import claims_in
from kitestring.domains.inbox.views.pages import found
from kitestring.domains.inbox.views.talk import rules_on
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


@members_only("inbox.reply")
@require_http_methods(["GET", "POST"])
def template(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """`?template=` shows one with its blanks; POST sends it, or (`do` "preview") shows how it reads."""
    here = found(request, conversation_id)
    page: dict[str, Any] = {"talk": here, "facts": None, "errors": {}, "typed": {}}
    try:
        page["templates"] = templates_for(request.member, here.pk)
    except Refusal as refusal:
        if refusal.reason in ("not_permitted", "not_found"):
            raise
        return render(request, "inbox/template.html", page | {"unread": refusal.message})
    manifest = registry.get(here.account.channel).manifest
    facts = manifest.templates
    page |= {"facts": facts, "explains": facts.explains.in_(request.member.language) if facts else ""}
    wanted = request.GET.get("template", "")
    one = next((each for each in page["templates"] if each.key == wanted), None)
    page["one"] = one
    if request.method == "GET" or one is None:
        if wanted and one is None:
            page["gone"] = _("The channel no longer has this template. Choose another.")
        return render(request, "inbox/template.html", page)
    typed = {blank.key: request.POST.get(f"blank-{blank.key}", "") for blank in one.blanks}
    page |= {"typed": typed, "reads": one.filled(typed)}
    claims = claims_in(request.POST)
    page |= rules_on(request, here, str(page["reads"]), claims)
    if request.POST.get("do") == "preview":
        return render(request, "inbox/template.html", page)
    try:
        send_template(request.member, here.pk, one, typed, claims)
    except Refusal as refusal:
        if refusal.reason in ("not_permitted", "not_found"):
            raise
        beside = refusal.field in typed  # else it is of the whole, or of an exemption's form
        page |= {"errors": {refusal.field: refusal.message}, "said": "" if beside else refusal.message}
        return render(request, "inbox/template.html", page, status=422)
    return redirect("inbox:conversation", here.pk)
