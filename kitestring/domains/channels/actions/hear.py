"""A knock at an account's address: genuine or not, and if so, told to whoever can ask the channel what it is about."""

from __future__ import annotations

import logging

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.hooks import Door, Heard, Knock
from kitestring.domains.channels.events import CallbackCame
from kitestring.domains.channels.models import AccountState
from kitestring.domains.channels.queries import hook_at
from kitestring.domains.channels.rules import token_hash
from kitestring.domains.channels.sessions import hook_secrets
from kitestring.kit.clock import now
from kitestring.kit.crypto import SealBroken
from kitestring.kit.events import announce

log = logging.getLogger(__name__)
MOST = 20  # names in one callback


def hear(channel: str, token: str, knock: Knock) -> Heard | None:
    """What to answer; None for an address that is nobody's and for whatever is not surely from the channel.

    The address is found by its hash: how long that takes tells nothing of how much of a guess was right.
    """
    hook = hook_at(token_hash(token))
    if hook is None or hook.account.channel != channel or hook.account.state == AccountState.DISCONNECTED:
        return None
    try:
        hooks = registry.get(channel).hooks
        secrets = hook_secrets(hook)
    except (KeyError, SealBroken) as error:
        log.warning("The address of account %s cannot listen: %s", hook.account_id, error)
        return None
    if hooks is None:
        return None
    heard = hooks.verify(knock, Door(secrets, hook.account.remote_id, hook.account.settings))
    if heard is None:
        log.info("What came to the address of account %s was not signed by its channel.", hook.account_id)
        return None
    with transaction.atomic():
        hook.heard_at = now()
        hook.save(update_fields=["heard_at"])
        if heard.about:
            announce(CallbackCame(hook.account_id, heard.about[:MOST]))
    return heard
