"""Adding an account: choose a channel, type what it asks for, and see at once whether it opens."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kitestring.connectorkit import registry
from kitestring.connectorkit.registry import Connector
from kitestring.domains.brands.doors import BrandRequest, brand_members_only
from kitestring.domains.channels.actions.agree import set_out
from kitestring.domains.channels.actions.connect import connect, connector_named, reconnect
from kitestring.domains.channels.actions.connect_link import make_link
from kitestring.domains.channels.actions.typed_before import typed_before
from kitestring.domains.channels.forms import ConnectForm
from kitestring.domains.channels.models import Account, ConnectLink
from kitestring.domains.channels.queries import account
from kitestring.domains.channels.rules import WAY
from kitestring.domains.channels.sessions import sandbox_of
from kitestring.domains.channels.views.apps import agreeing, way_back
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal

Deed = Callable[[dict[str, str]], Account | ConnectLink | str]
SET_OUT = "set_out"  # where in the session the form stands from which somebody went to a channel
TURNED_BACK = "turned_back"  # why they came back without a consent: told once, on that form
BY_LINK = "by_link"  # the button that asks for a link instead of going there oneself


@require_GET
@brand_members_only(permission="account.connect")
def choose(request: BrandRequest) -> HttpResponse:
    """Every channel of the registry, by the reader's name for it; those of the reader's own market first."""
    language = request.member.language
    known = [
        {
            "slug": slug,
            "name": one.manifest.name.in_(language),
            "far": language not in one.manifest.at_home,
            "by_hand": one.manifest.mode == "hand_off",
            "kinds": _(", ").join(kind.label.in_(language) for kind in one.manifest.kinds),
        }
        for slug, one in registry.connectors().items()
    ]
    known.sort(key=lambda one: (one["far"], str(one["name"])))
    return render(request, "channels/choose.html", {"channels": known})


@require_http_methods(["GET", "POST"])
@brand_members_only(permission="account.connect")
def add(request: BrandRequest, channel: str) -> HttpResponse:
    """The channel's own questions; on success, the account's page."""
    connector = connector_named(channel, _way(request, ""))

    def deed(answers: dict[str, str]) -> Account | ConnectLink | str:
        if connector.consent is not None and request.POST.get(BY_LINK):
            return make_link(request.member, request.brand, channel, answers)
        if connector.consent is not None:
            return set_out(request.member, request.brand, channel, answers, back=way_back())
        return connect(request.member, request.brand, channel, answers)

    return _ask(request, connector, deed, {"brand_name": request.brand.name})


@require_http_methods(["GET", "POST"])
@members_only(permission="account.connect")
def again(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """The same questions for an account that needs a new grant; what was typed before and is no secret stands there."""
    old = account(request.member, account_id)
    connector = connector_named(old.channel, _way(request, old.way))

    def deed(answers: dict[str, str]) -> Account | ConnectLink | str:
        if connector.consent is not None and request.POST.get(BY_LINK):
            return make_link(request.member, old.brand, old.channel, answers, again=old.pk)
        if connector.consent is not None:
            return set_out(request.member, old.brand, old.channel, answers, back=way_back(), again=old.pk)
        return reconnect(request.member, old.pk, answers)

    return _ask(
        request,
        connector,
        deed,
        {"of": old, "brand_name": old.brand.name},
        known=typed_before(old, connector),
    )


def _ask(
    request: MemberRequest,
    connector: Connector,
    deed: Deed,
    context: dict[str, object],
    known: dict[str, str] | None = None,
) -> HttpResponse:
    language = request.member.language
    sandbox = sandbox_of(request.member.workspace, connector.manifest.slug)
    known = {**_there(connector, sandbox), **(known or {})}
    form = ConnectForm(connector, language, request.POST.dict() if request.method == "POST" else None, known)
    if form.is_bound and form.is_valid():
        try:
            made = deed({**form.cleaned_data, WAY: connector.way})
        except Refusal as refusal:
            if refusal.reason in ("not_permitted", "not_found"):
                raise
            form.refuse(refusal)
        else:
            if isinstance(made, str):
                return _lead(request, connector, made)
            if isinstance(made, ConnectLink):
                return _go(request, reverse("channels:link", args=[made.pk]))
            messages.success(request, _("%(name)s is connected.") % {"name": made.name})
            return _go(request, reverse("channels:account", args=[made.pk]))
    manifest = connector.manifest
    page = {
        **context,
        "sandbox": sandbox,
        "form": form,
        "channel": manifest.slug,
        "channel_name": manifest.name.in_(language),
        "by_hand": manifest.mode == "hand_off",
        "turned_back": request.session.pop(TURNED_BACK, "") if request.method == "GET" else "",
        "agreeing": agreeing(request, connector, request.path),
        "way": connector.way,
        "ways": _ways(connector, language),
        "explains": _explains(connector, language),
    }
    template = "channels/connect_form.html" if request.htmx else "channels/connect.html"
    return render(request, template, page, status=422 if form.errors else 200)


def _there(connector: Connector, sandbox: str) -> dict[str, str]:
    """In a demo the server to be named is its sandbox: the fields that would hold an address begin with that one."""
    asked = connector.manifest.auth.fields if sandbox else ()
    return {one.key: sandbox for one in asked if one.kind == "url" and (one.required or one.default)}


def _way(request: MemberRequest, before: str) -> str:
    """By which of the channel's ways somebody connects here: chosen on the page, else the one before."""
    given = request.POST if request.method == "POST" else request.GET
    return given.get("way", before)


def _ways(connector: Connector, language: str) -> list[dict[str, object]]:
    """What there is to choose from: nothing where the channel has one way only."""
    manifest = registry.get(connector.manifest.slug).manifest
    if not manifest.ways:
        return []
    rows = [("", manifest.auth), *((way.key, way.auth) for way in manifest.ways)]
    return [
        {"text": auth.label.in_(language), "href": f"?way={key}", "on": key == connector.way}
        for key, auth in rows
        if auth.label
    ]


def _explains(connector: Connector, language: str) -> str:
    explains = connector.manifest.auth.explains
    return explains.in_(language) if explains else ""


def _lead(request: MemberRequest, connector: Connector, address: str) -> HttpResponse:
    """Out to the channel. A form may not lead to another house (the page's own rule), so without script it is a link."""
    request.session[SET_OUT] = request.get_full_path()
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    name = connector.manifest.name.in_(request.member.language)
    return render(request, "channels/lead.html", {"channel_name": name, "address": address})


def _go(request: MemberRequest, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
