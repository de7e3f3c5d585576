"""The accounts of the brand in hand, and one account with all that is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.brands.doors import BrandRequest, brand_members_only
from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import brand
from kitestring.domains.channels import rules
from kitestring.domains.channels.actions import change_account
from kitestring.domains.channels.actions.connect_link import answered
from kitestring.domains.channels.actions.examine import examine
from kitestring.domains.channels.actions.leave import leave
from kitestring.domains.channels.actions.renew import check_account
from kitestring.domains.channels.actions.tag import has_tags
from kitestring.domains.channels.forms import RenameForm
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.channels.queries import (
    account,
    accounts_of,
    gone_accounts,
    links_of,
    manifest_for,
    other_brands_of,
)
from kitestring.domains.channels.views.app_hooks import rung_by_app
from kitestring.domains.channels.views.health import health_of
from kitestring.domains.channels.views.hooks import listening
from kitestring.domains.channels.views.limits import overrides_of
from kitestring.domains.channels.views.menu import has_menu
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.ui.formats import date, date_time
from kitestring.ui.marks import channel_name


@require_GET
@brand_members_only()
def accounts(request: BrandRequest) -> HttpResponse:
    """Of the brand in hand, or of `?brand=` (the way from the list of brands)."""
    of = request.brand
    if wanted := request.GET.get("brand", ""):
        of = brand(request.member, _key(wanted))
    page = {
        "of": of,
        "accounts": [
            _card(one, request.member.language)
            for one in accounts_of(request.member, of).select_related("grant")
        ],
        "gone": gone_accounts(request.member, of),
        "links": _links(request.member, of),
        "may_connect": may(request.member, "account.connect"),
    }
    return render(request, "channels/accounts.html", page)


def _links(member: Member, of: Brand) -> list[dict[str, Any]]:
    """Those that wait for the member's choice, oldest answer first, then those that wait for somebody to agree."""
    rows: list[dict[str, Any]] = [
        {"link": one, "name": _channel_of(one.channel, member.language), "waiting": answered(one)}
        for one in links_of(member, of, now())
    ]
    answers = sorted(
        (row for row in rows if row["waiting"]), key=lambda row: row["waiting"][0][0].back_at or now()
    )
    return answers + [row for row in rows if not row["waiting"] and row["link"].ended_at is None]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refusal(_("This brand is not here (any more)."), reason="not_found") from error


def _card(of: Account, language: str) -> dict[str, Any]:
    """What the list shows of an account: its state in words, and what it cannot do."""
    lacks = [
        line.label[:1].lower() + line.label[1:]
        for line in _powers(of, language)
        if line.can is False and line.key not in rules.OF_CHANNEL
    ]
    name = channel_name(of.channel)
    handle = of.handle if of.handle not in (of.name, name) else ""
    return {
        "account": of,
        "place": " · ".join(filter(None, (name, handle))),
        "state": state_of(of),
        "lacks": lacks,
        "problem": problem_of(of, language),
    }


def _powers(of: Account, language: str) -> list[rules.Line]:
    """What the account can and cannot do; nothing when the connector is gone."""
    manifest = _manifest(of)
    if manifest is None:
        return []
    connector = registry.get(of.channel)
    brings = [power for power in rules.EVERYWHERE if connector.can(power)]
    if connector.pushes("comment") and "inbox" not in brings:
        brings.append("inbox")
    return list(rules.powers(manifest, brings, of.account_type, of.capabilities, language))


def _manifest(of: Account) -> Manifest | None:
    try:
        return registry.get(of.channel).manifest
    except KeyError:
        return None


def _channel_of(slug: str, language: str) -> str:
    try:
        return registry.get(slug).manifest.name.in_(language)
    except KeyError:
        return slug


def state_of(of: Account) -> tuple[str, str]:
    """(state known to the chips, its word)."""
    if of.state == AccountState.DISCONNECTED:
        return "cancelled", str(AccountState.DISCONNECTED.label)
    if of.state == AccountState.EXPIRED:
        return "needs", _("Connect again")
    if ends := _ends(of):
        return "needs", _("Ends %(when)s") % {"when": date(ends, "short", of.brand.zone)}
    if of.paused_at:
        return "held", _("Paused")
    return "published", str(AccountState.CONNECTED.label)


def _ends(of: Account) -> datetime | None:
    """When an account that still works ends, where the channel has refused to renew it."""
    grant = getattr(of, "grant", None)
    return grant.expires_at if grant is not None and grant.refused_at is not None else None


def problem_of(of: Account, language: str) -> str:
    """Why an account needs somebody, in the channel's own sentence where it has one."""
    if of.state == AccountState.CONNECTED and (ends := _ends(of)):
        return _(
            "%(channel)s does not renew this connection. Posts go out until %(when)s; connect it again before, and "
            "nothing is held."
        ) % {"channel": channel_name(of), "when": date_time(ends, "weekday", of.brand.zone)}
    if of.state != AccountState.EXPIRED:
        return ""
    manifest = _manifest(of)
    own = rules.sentence(manifest, of.problem, language) if manifest else ""
    return own or _(
        "The channel no longer accepts the stored grant. Nothing goes out until it is connected again."
    )


@require_http_methods(["GET", "POST"])
@members_only()
def one(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """One account; POST renames it."""
    found = account(request.member, account_id)
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_bound and form.is_valid():
        try:
            change_account.rename_account(request.member, found.pk, form.cleaned_data["name"])
        except Refusal as refusal:
            if refusal.reason == "not_permitted":
                raise
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("channels:account", found.pk)
    context = _known(found, request.member.language)
    context |= {"of": found, "form": form, "may_connect": may(request.member, "account.connect")}
    context["also_for"] = other_brands_of(found)
    return render(request, "channels/account.html", context, status=422 if form.errors else 200)


def _known(of: Account, language: str) -> dict[str, Any]:
    manifest = _manifest(of)
    context: dict[str, Any] = {"state": state_of(of), "problem": problem_of(of, language), "tables": []}
    if manifest is None:
        return context
    connector, today = registry.get(of.channel), now().date()
    powers = _powers(of, language)
    metrics = next((line for line in powers if line.key == "metrics" and not line.can), None)
    groups = (
        ("can", _("What it can do"), powers),
        ("limits", _("Limits"), rules.limits_here(manifest_for(of), manifest, of.account_type, language)),
        ("prices", _("What the channel charges"), rules.prices(manifest, language)),
        ("numbers", _("Numbers"), rules.numbers(manifest, language, metrics.text if metrics else "")),
    )
    for key, title, lines in groups:
        rows = [{"line": line, "old": line.old(today)} for line in lines]
        if rows:
            context["tables"].append({"key": key, "title": title, "rows": rows})
    context["account_type"] = type_named(manifest, of.account_type, language)
    context["channel"] = manifest.name.in_(language)
    context["asks"] = connector.auth is not None
    context["overrides"] = overrides_of(of, language)
    context["health"] = health_of(of, manifest, language)
    context |= {"has_menu": has_menu(of), "has_tags": has_tags(of)}
    context["hook"] = listening(of, manifest, language)
    context["bell"] = rung_by_app(of, manifest)
    return context


def type_named(manifest: Manifest, key: str, language: str) -> str:
    """The kind of account in the reader's words; "" when the channel has no kinds."""
    return next((kind.label.in_(language) for kind in manifest.account_types if kind.key == key), "")


@require_POST
@members_only(permission="account.connect")
def check(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """Ask the channel now."""
    try:
        found = check_account(request.member, account_id)
    except Refusal as refusal:
        if refusal.reason == "not_found":
            raise
        messages.warning(request, refusal.message)
    else:
        examine(found.pk)
        messages.success(request, _("%(name)s answers; its grant is good.") % {"name": found.name})
    return redirect("channels:account", account_id)


@require_POST
@members_only(permission="account.connect")
def disconnect(request: MemberRequest, account_id: UUID) -> HttpResponse:
    left = leave(request.member, account_id)
    names = {"name": left.account.name, "channel": channel_name(left.account.channel)}
    if left.given_back:
        said = _(
            "%(name)s is disconnected, and %(channel)s has ended the consent. Its posts and numbers stay."
        )
    else:
        said = _("%(name)s is disconnected. Its posts and numbers stay.")
    messages.success(request, said % names)
    if left.said:
        messages.warning(request, left.said)
    return redirect("channels:accounts")
