"""The limits of an account that somebody knows better than its channel's manifest, each with who said so and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kitestring.connectorkit import registry
from kitestring.connectorkit.overriding import known_limits
from kitestring.domains.channels.actions.override_limit import drop_limit, override_limit
from kitestring.domains.channels.forms import LimitForm
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account, manifest_for
from kitestring.domains.channels.rules import limit_names
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal
from kitestring.ui.numbers import number


@require_http_methods(["GET", "POST"])
@members_only(permission="account.connect")
def limits(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """POST with `drop` takes one back; otherwise it puts one in place."""
    found = account(request.member, account_id)
    if request.method == "POST" and request.POST.get("drop"):
        drop_limit(request.member, found.pk, request.POST["drop"])
        messages.success(
            request, _("The channel’s own limit holds again. What is scheduled is held against it below.")
        )
        return redirect("channels:limits", found.pk)
    form = LimitForm(
        _choices(found, request.member.language), request.POST if request.method == "POST" else None
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            override_limit(request.member, found.pk, given["key"], given["value"], given["reason"])
        except Refusal as refusal:
            if refusal.reason in ("not_permitted", "not_found"):
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved. What is scheduled is held against it below."))
            return redirect("channels:limits", found.pk)
    page = {"of": found, "form": form, "overrides": overrides_of(found, request.member.language)}
    return render(request, "channels/limits.html", page, status=422 if form.errors else 200)


def _known(of: Account, language: str) -> dict[str, tuple[str, int]]:
    """(name, the manifest's figure) by key."""
    try:
        return limit_names(registry.get(of.channel).manifest, of.account_type, language)
    except KeyError:
        return {}


def _choices(of: Account, language: str) -> list[tuple[str, str]]:
    """Each limit with the figure that holds, and the channel's own where that is another."""
    known = _known(of, language)
    if not known:
        return []
    holds = {
        key: value for key, _kind, _what, value, _fact in known_limits(manifest_for(of), of.account_type)
    }
    return [(key, _choice(name, holds.get(key, own), own)) for key, (name, own) in known.items()]


def _choice(name: str, holds: int, own: int) -> str:
    said = {"limit": name, "value": number(holds), "own": number(own)}
    if holds == own:
        return _("%(limit)s: %(value)s") % said
    return _("%(limit)s: %(value)s (the channel’s own: %(own)s)") % said


def overrides_of(of: Account, language: str) -> list[dict[str, Any]]:
    """Each override as a page shows it."""
    known = _known(of, language)
    return [
        {
            "key": key,
            "name": known[key][0] if key in known else key,
            "before": known[key][1] if key in known else None,
            "value": row["value"],
            "reason": row["reason"],
            "by": row["by"],
            "at": datetime.fromisoformat(row["at"]),
        }
        for key, row in sorted(of.limits.items())
    ]
