"""A connect link on its maker's screen: the code and the address to pass on, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.channels.actions.connect import connector_named
from kitestring.domains.channels.actions.connect_link import answered, secret_of, take_back_link
from kitestring.domains.channels.models import GOOD_FOR, ConnectLink
from kitestring.domains.channels.queries import link_made_by
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@require_GET
@members_only(permission="account.connect")
def link(request: MemberRequest, link_id: UUID) -> HttpResponse:
    """The link; `?part=state` is what became of it only, for a screen that waits."""
    found = link_made_by(request.member, link_id)
    if found is None:
        raise Refusal(_("This link is not here (any more)."), reason="not_found")
    context = _shown(found, request.member.language)
    if request.GET.get("part") != "state":
        return render(request, "channels/link.html", context)
    if context["open"] and str(len(context["waiting"])) == request.GET.get("have", "0"):
        # Nothing new: what stands on the screen stays, and with it who is copying the address.
        return HttpResponse(status=204)
    return render(request, "channels/_link_state.html", context)


def _shown(of: ConnectLink, language: str) -> dict[str, Any]:
    ends = of.made_at + GOOD_FOR
    is_open = of.ended_at is None and ends > now()
    secret = secret_of(of) if is_open else ""
    return {
        "link": of,
        "channel_name": connector_named(of.channel).manifest.name.in_(language),
        "address": settings.PUBLIC_URL + reverse("channels:guest", args=[secret]) if secret else "",
        "open": is_open and bool(secret),
        "ends": ends,
        "waiting": [(visit, [one.name for one in found]) for visit, found in answered(of)],
        "reachable": settings.PUBLIC_URL.startswith("https://"),
    }


@require_POST
@members_only(permission="account.connect")
def take_back(request: MemberRequest, link_id: UUID) -> HttpResponse:
    take_back_link(request.member, link_id)
    messages.success(request, _("The link is taken back. Nobody agrees by it any more."))
    return redirect("channels:accounts")
