"""A knock at an account's address: genuine or not, and if so, told to whoever can ask the channel what it is about.

What people wrote, where the channel brings that itself, is put down in the same transaction and taken in by the inbox.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectorkit.hooks import Door, Heard, Knock, packed
from kitestring.connectorkit.manifest import HookFacts
from kitestring.domains.channels.events import CallbackCame, WordsCame
from kitestring.domains.channels.models import AccountState, Arrival, Hook
from kitestring.domains.channels.queries import hook_at
from kitestring.domains.channels.rules import token_hash
from kitestring.domains.channels.sessions import hook_keys, hook_secrets
from kitestring.kit.clock import now
from kitestring.kit.crypto import SealBroken
from kitestring.kit.events import announce
from kitestring.kit.text import storable

log = logging.getLogger(__name__)
MOST = 20  # names in one callback
MOST_WORDS = 1000  # messages in one: the largest batch a channel is known to send


def hear(channel: str, token: str, knock: Knock) -> Heard | None:
    """What to answer; None for an address that is nobody's and for whatever is not surely from the channel.

    The address is found by its hash: how long that takes tells nothing of how much of a guess was right.
    """
    hook = hook_at(token_hash(token))
    if hook is None or hook.account.channel != channel or hook.account.state == AccountState.DISCONNECTED:
        return None
    try:
        connector = registry.get(channel)
        hooks, facts = connector.hooks, connector.manifest.hooks
        if hooks is None or facts is None:
            return None
        door = _door(hook, facts)
    except (KeyError, SealBroken, GrantExpired) as error:
        log.warning("The address of account %s cannot listen: %s", hook.account_id, error)
        return None
    heard = hooks.verify(knock, door)
    if heard is None:
        log.info("What came to the address of account %s was not signed by its channel.", hook.account_id)
        return None
    with transaction.atomic():
        hook.heard_at = now()
        hook.save(update_fields=["heard_at"])
        if heard.about:
            announce(CallbackCame(hook.account_id, heard.about[:MOST]))
        if brought := [one for one in heard.messages if one.kind in facts.brings][:MOST_WORDS]:
            Arrival.put(hook.account_id, (_storable(packed(one)) for one in brought))
            announce(WordsCame(hook.account_id))
    return heard


def _door(hook: Hook, facts: HookFacts) -> Door:
    """Raises SealBroken, GrantExpired when what the channel signs with cannot be opened."""
    of = hook.account
    return Door(hook_secrets(hook), of.remote_id, of.settings, hook_keys(hook, facts.signed_with))


def _storable(told: dict[str, Any]) -> dict[str, Any]:
    return {key: storable(value) if isinstance(value, str) else value for key, value in told.items()}
