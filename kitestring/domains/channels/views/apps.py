"""The operator's own apps at the platforms: typed in once, used by every account that is connected by consent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.keep_app_keys import keep_app_keys
from kitestring.domains.channels.forms import AppForm
from kitestring.domains.channels.queries import app_keys_of
from kitestring.domains.channels.rules import provider_of
from kitestring.domains.channels.sessions import app_of
from kitestring.domains.channels.views.app_hooks import doors_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


def way_back() -> str:
    """Our address that a channel leads people back to; the operator pastes it into their app there."""
    return settings.PUBLIC_URL + reverse("channels:back")


def agreeing(request: MemberRequest, connector: Connector, came_from: str) -> dict[str, Any] | None:
    """What the page says before somebody goes to agree; None for a channel that is connected otherwise."""
    manifest, language = connector.manifest, request.member.language
    facts = manifest.auth.app
    if connector.consent is None or facts is None:
        return None
    provider = provider_of(manifest)
    known = app_of(request.member.workspace, provider)
    typed = bool(facts.fields)  # what the channel reads at an address of ours, nobody types in
    return {
        "provider": provider if typed else "",
        "ready": bool(known) or not typed,
        "form": AppForm(facts.fields, language, None, known) if typed and not known else None,
        "steps": [step.in_(language) for step in facts.steps],
        "back": way_back(),
        "open": way_back().startswith("https://"),
        "scopes": rights(manifest, language),
        "next": came_from,
    }


def rights(manifest: Manifest, language: str, account_type: str = "") -> list[tuple[str, str]]:
    """(right, what it is for) of what the channel will ask for; where the type is not chosen yet, whom it is asked of too."""
    types = {kind.key: kind.label.in_(language) for kind in manifest.account_types}
    found = []
    for scope in manifest.auth.scopes:
        why = scope.why.in_(language)
        if scope.account_types and not account_type:
            of = _(", ").join(types[key] for key in scope.account_types)
            why = _("%(of)s: %(right)s") % {"of": of, "right": why}
        if scope.asked_of(account_type):
            found.append((scope.key, why))
    return found


def _platforms(language: str) -> dict[str, list[Connector]]:
    """The platforms that ask for an app, with the channels reached by it."""
    found: dict[str, list[Connector]] = {}
    for one in registry.connectors().values():
        if one.manifest.auth.app is not None:
            found.setdefault(provider_of(one.manifest), []).append(one)
    return dict(sorted(found.items(), key=lambda pair: _named(pair[1], language)))


def _named(channels: list[Connector], language: str) -> str:
    return _(", ").join(one.manifest.name.in_(language) for one in channels)


@require_GET
@members_only(permission="account.connect")
def apps(request: MemberRequest) -> HttpResponse:
    """Every platform that wants an app of one's own, and whether it has been typed in."""
    kept, language = app_keys_of(request.member), request.member.language
    rows = [
        {"provider": provider, "name": _named(channels, language), "kept": kept.get(provider)}
        for provider, channels in _platforms(language).items()
    ]
    return render(request, "channels/apps.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@members_only(permission="account.connect")
def app(request: MemberRequest, provider: str) -> HttpResponse:
    """One app: its steps, the address to paste there, its keys. POST keeps them and goes back to where one came from."""
    language = request.member.language
    channels = _platforms(language).get(provider)
    if channels is None or channels[0].manifest.auth.app is None:
        raise Refusal(_("This channel is not installed here."), reason="not_found")
    facts = channels[0].manifest.auth.app
    data = request.POST.dict() if request.method == "POST" else None
    form = AppForm(facts.fields, language, data, app_of(request.member.workspace, provider))
    if form.is_bound and form.is_valid():
        try:
            keep_app_keys(request.member, provider, form.cleaned_data)
        except Refusal as refusal:
            if refusal.reason in ("not_permitted", "not_found"):
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("The app’s keys are kept, encrypted."))
            return redirect(_inside(data or {}, reverse("channels:apps")))
    page = {
        "form": form,
        "provider": provider,
        "name": _named(channels, language),
        "steps": [step.in_(language) for step in facts.steps],
        "back": way_back() if any(one.consent for one in channels) else "",
        "open": way_back().startswith("https://"),
        "next": (data or {}).get("next", ""),
        "doors": doors_of(request.member, provider, channels),
    }
    return render(request, "channels/app.html", page, status=422 if form.errors else 200)


def _inside(data: dict[str, str], otherwise: str) -> str:
    """Where one came from, if that is a page of ours."""
    wanted = data.get("next", "")
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None) else otherwise
