"""The way back from a channel: what was agreed to is connected, or chosen from."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from kitestring.domains.channels.actions.agree import choose, come_back, found_by
from kitestring.domains.channels.actions.connect import connector_named
from kitestring.domains.channels.actions.connect_link import went_by_link
from kitestring.domains.channels.models import Visit
from kitestring.domains.channels.queries import visit_to_choose
from kitestring.domains.channels.views.accounts import type_named
from kitestring.domains.channels.views.connect import SET_OUT, TURNED_BACK
from kitestring.domains.channels.views.guests import guest_back
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@require_GET
def back(request: HttpRequest) -> HttpResponseBase:
    """Where every channel leads people back to: members, and guests who went by a connect link."""
    if went_by_link(request.GET.dict()):
        return guest_back(request)
    return _members_back(request)


@members_only(permission="account.connect")
def _members_back(request: MemberRequest) -> HttpResponse:
    """With a code or with their no. The code is spent, and the address left."""
    try:
        made = come_back(request.member, request.GET.dict())
    except Refusal as refusal:
        if refusal.reason == "not_permitted":
            raise
        # Back at the form they set out from, where the reason stays in sight: the next try is one press away.
        if form := request.session.pop(SET_OUT, ""):
            request.session[TURNED_BACK] = refusal.message
            return redirect(form)
        messages.warning(request, refusal.message)
        return redirect("channels:choose")
    request.session.pop(SET_OUT, None)
    if isinstance(made, Visit):
        return redirect("channels:found", made.pk)
    messages.success(request, _("%(name)s is connected.") % {"name": made.name})
    return redirect("channels:account", made.pk)


@require_http_methods(["GET", "POST"])
@members_only(permission="account.connect")
def found(request: MemberRequest, visit_id: UUID) -> HttpResponse:
    """The accounts a consent opens: which of them are the brand's?"""
    refused = ""
    if request.method == "POST":
        try:
            kept = choose(request.member, visit_id, request.POST.getlist("account"))
        except Refusal as refusal:
            if refusal.reason != "none_chosen":
                raise
            refused = refusal.message
        else:
            said = ngettext("%(n)s account is connected.", "%(n)s accounts are connected.", len(kept))
            messages.success(request, said % {"n": len(kept)})
            return (
                redirect("channels:account", kept[0].pk) if len(kept) == 1 else redirect("channels:accounts")
            )
    visit = visit_to_choose(request.member, visit_id, now())
    if visit is None:
        raise Refusal(_("This choice is over. Nothing was connected; start again here."), reason="not_found")
    manifest, language = connector_named(visit.channel).manifest, request.member.language
    offered = [(one, type_named(manifest, one.account_type, language)) for one in found_by(visit)]
    page = {
        "offered": offered,
        "visit": visit,
        "refused": refused,
        "only": len(offered) == 1,
        "channel_name": manifest.name.in_(language),
    }
    return render(request, "channels/found.html", page, status=422 if refused else 200)
