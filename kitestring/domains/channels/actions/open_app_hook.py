"""Gives an operator's app an address that a channel may call, a new one in its place, or none any more."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import HookFacts
from kitestring.domains.channels.actions.open_hook import TOKEN, letters
from kitestring.domains.channels.models import AppHook, AppKey
from kitestring.domains.channels.queries import accounts_by_app, app_hook_of, app_key
from kitestring.domains.channels.rules import app_calls, provider_of, token_hash
from kitestring.domains.channels.sessions import seal_hook
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal


@transaction.atomic
def open_app_hook(member: Member, provider: str, channel: str) -> AppHook:
    """An address with secrets of its own; the one before, if there was one, is nobody's from now on."""
    require(member, "account.connect")
    facts, kept = _facts(provider, channel), _app(member, provider)
    token = letters(TOKEN)
    hook = app_hook_of(kept, channel, hold=True) or AppHook(app_key=kept, channel=channel)
    hook.token_hash = token_hash(token)
    seal_hook(hook, token, {value.key: letters(value.length) for value in facts.values})
    hook.made_at, hook.heard_at = now(), None
    hook.save()
    record(member, "account.apphook", kept, after={"name": channel})
    if registry.get(channel).subscribing is not None:
        for one in accounts_by_app(hook):
            enqueue("channels.subscribe", account_id=str(one.pk))
    return hook


@transaction.atomic
def close_app_hook(member: Member, provider: str, channel: str) -> None:
    """Nothing listens at its address any more; everything is asked for as before."""
    require(member, "account.connect")
    kept = _app(member, provider)
    if hook := app_hook_of(kept, channel, hold=True):
        hook.delete()
        record(member, "account.appunhook", kept, after={"name": channel})


def _facts(provider: str, channel: str) -> HookFacts:
    manifest = found.manifest if (found := registry.connectors().get(channel)) else None
    facts = app_calls(manifest) if manifest and provider_of(manifest) == provider else None
    if facts is None:
        raise Refusal(_("This channel is not installed here."), reason="not_found")
    return facts


def _app(member: Member, provider: str) -> AppKey:
    """Held: two who press at once make one address."""
    kept = app_key(member.workspace, provider, hold=True)
    if kept is None:
        raise Refusal(_("Type in your app for this channel first."), reason="no_app")
    return kept
