"""Gives an account an address that its channel may call, a new one in its place, or none any more."""

from __future__ import annotations

import secrets
import string
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import HookFacts
from kitestring.domains.channels.models import Account, AccountState, Hook
from kitestring.domains.channels.queries import account, hook_of
from kitestring.domains.channels.rules import token_hash
from kitestring.domains.channels.sessions import seal_hook
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal

LETTERS: Final = string.ascii_letters + string.digits
TOKEN: Final = 40


@transaction.atomic
def open_hook(member: Member, account_id: UUID) -> Hook:
    """An address with secrets of its own; the one before, if there was one, is nobody's from now on."""
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    facts = _facts(found)
    hook = give_address(found, facts)
    record(member, "account.hook", found, after={"name": found.name})
    return hook


def give_address(of: Account, facts: HookFacts) -> Hook:
    """A new address of the account's, within a transaction; where the channel can be told of it, it will be."""
    token = letters(TOKEN)
    hook = hook_of(of, hold=True) or Hook(account=of)
    hook.token_hash = token_hash(token)
    seal_hook(hook, token, {value.key: letters(value.length) for value in facts.values})
    hook.made_at, hook.heard_at = now(), None
    hook.save()
    if registry.get(of.channel).subscribing is not None:
        enqueue("channels.subscribe", account_id=str(of.pk))
    return hook


@transaction.atomic
def close_hook(member: Member, account_id: UUID) -> None:
    """Nothing listens at its address any more; what is under way is asked for as before."""
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    if hook := hook_of(found, hold=True):
        hook.delete()
        record(member, "account.unhook", found, after={"name": found.name})


def _facts(of: Account) -> HookFacts:
    try:
        facts = registry.get(of.channel).manifest.hooks
    except KeyError:
        facts = None
    if facts is None or facts.of == "app" or of.state == AccountState.DISCONNECTED:
        raise Refusal(
            _("This account has no address for calls from its channel. Nothing was changed."),
            reason="no_hooks",
        )
    return facts


def letters(length: int) -> str:
    """A secret of so many letters and digits."""
    return "".join(secrets.choice(LETTERS) for _place in range(length))
