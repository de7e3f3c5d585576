"""The address of an operator's app for a channel's calls, on the page of its keys; and its last call, on an account's page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kitestring.connectorkit.manifest import HookFacts, Manifest
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.open_app_hook import close_app_hook, open_app_hook
from kitestring.domains.channels.actions.subscribe import address_row
from kitestring.domains.channels.models import Account, AccountState, AppHook
from kitestring.domains.channels.queries import app_hook_of, app_key, bell_of
from kitestring.domains.channels.rules import app_calls, by_app, provider_of
from kitestring.domains.channels.sessions import app_of, hook_address, hook_secrets
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Member
from kitestring.kit.crypto import SealBroken
from kitestring.kit.refusals import Refusal


def doors_of(member: Member, provider: str, channels: Iterable[Connector]) -> list[dict[str, Any]]:
    """For each channel of the platform that calls an app: its address if there is one, and what it takes to make one."""
    kept, typed = app_key(member.workspace, provider), app_of(member.workspace, provider)
    found = []
    for one in channels:
        facts, language = app_calls(one.manifest), member.language
        if facts is None or one.manifest.auth.app is None:
            continue
        asked = {field.key: field.label.in_(language) for field in one.manifest.auth.app.fields}
        lacking = [asked.get(name, name) for name in facts.signed_with if not typed.get(name)]
        hook = app_hook_of(kept, one.manifest.slug) if kept else None
        shown = {
            "channel": one.manifest.slug,
            "name": one.manifest.name.in_(language),
            "fact": facts,
            "steps": [step.in_(language) for step in facts.steps],
            "ready": bool(typed),
            "lacks": _(", ").join(lacking) if typed else "",
            "hook": hook,
        }
        found.append(shown | (_pasted(hook, facts, language) if hook else {}))
    return found


def _pasted(hook: AppHook, facts: HookFacts, language: str) -> dict[str, Any]:
    try:
        secrets, address = hook_secrets(hook), hook_address(hook.channel, hook)
    except SealBroken:
        return {"broken": True}
    values = [(value.label.in_(language), secrets.get(value.key, "")) for value in facts.values]
    return {"pasted": [("URL", address), *values], "reachable": address.startswith("https://")}


def rung_by_app(of: Account, manifest: Manifest) -> dict[str, Any] | None:
    """What an account's page shows of calls to its app's address; None where its channel makes none."""
    provider = provider_of(manifest)
    named = app_calls(manifest) is not None and by_app(manifest, of.way, provider)
    if not named or of.state == AccountState.DISCONNECTED:
        return None
    bell = bell_of(of)
    return {"provider": provider, "hook": address_row(of), "rung_at": bell.rung_at if bell else None}


@require_POST
@members_only(permission="account.connect")
def make_for_app(request: MemberRequest, provider: str, channel: str) -> HttpResponse:
    """An address, or a new one."""
    try:
        open_app_hook(request.member, provider, channel)
    except Refusal as refusal:
        if refusal.reason != "no_app":
            raise
        messages.warning(request, refusal.message)
    else:
        messages.success(request, _("The address is made. Paste it where the steps say."))
    return redirect("channels:app", provider)


@require_POST
@members_only(permission="account.connect")
def close_for_app(request: MemberRequest, provider: str, channel: str) -> HttpResponse:
    close_app_hook(request.member, provider, channel)
    messages.success(request, _("The address is closed. We go on asking the channel by ourselves."))
    return redirect("channels:app", provider)
