"""A knock at the address of an operator's app: genuine or not, and if so, a bell for those of its accounts that it names.

Nothing of what it says is written down. Who is named and is no account of this very workspace, connected by this very app, is
passed over, and whoever calls is told nothing of it: the answer is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.hooks import AppDoor, Knock, Ring, Rung
from kitestring.connectorkit.manifest import HookFacts
from kitestring.domains.channels.events import CallbackCame, WordsAnnounced
from kitestring.domains.channels.models import AppHook, Bell
from kitestring.domains.channels.queries import accounts_by_app, app_hook_at
from kitestring.domains.channels.rules import token_hash
from kitestring.domains.channels.sessions import app_keys_for, hook_secrets
from kitestring.kit.clock import now
from kitestring.kit.crypto import SealBroken
from kitestring.kit.events import announce
from kitestring.kit.text import storable

log = logging.getLogger(__name__)
MOST: Final = 20  # names or posts in one ring
MOST_RINGS: Final = 1000  # in one call: the largest batch a channel is known to send
LONGEST: Final = 255  # letters of a remote id


def hear_app(channel: str, token: str, knock: Knock) -> Rung | None:
    """What to answer; None for an address that is nobody's and for whatever is not surely from the channel."""
    hook = app_hook_at(token_hash(token))
    if hook is None or hook.channel != channel:
        return None
    try:
        connector = registry.get(channel)
        hooks, facts = connector.app_hooks, connector.manifest.hooks
        if hooks is None or facts is None:
            return None
        door = _door(hook, facts)
    except (KeyError, SealBroken) as error:
        log.warning("The address of the app %s cannot listen: %s", hook.app_key_id, error)
        return None
    rung = hooks.hear(knock, door)
    if rung is None:
        log.info("What came to the address of the app %s was not signed by its channel.", hook.app_key_id)
        return None
    if not rung.signed:
        return Rung(rung.answer, signed=False)
    with transaction.atomic():
        hook.heard_at = now()
        hook.save(update_fields=["heard_at"])
        _ring(hook, rung)
    return rung


def _door(hook: AppHook, facts: HookFacts) -> AppDoor:
    """Raises SealBroken."""
    return AppDoor(hook_secrets(hook), app_keys_for(hook.app_key, facts.signed_with))


def _ring(hook: AppHook, rung: Rung) -> None:
    named: dict[str, list[Ring]] = {}
    for ring in rung.rings[:MOST_RINGS]:
        if 0 < len(ring.remote_id) <= LONGEST and _sound(ring.remote_id):
            named.setdefault(ring.remote_id, []).append(ring)
    found = accounts_by_app(hook, named) if named else []
    Bell.ring([one.pk for one in found], now())
    for account in found:
        rings = named[account.remote_id]
        if about := _each(one for ring in rings for one in ring.about):
            announce(CallbackCame(account.pk, about))
        posts = _each(one for ring in rings if ring.words for one in ring.posts)
        if any(ring.words and not ring.posts for ring in rings):
            announce(WordsAnnounced(account.pk, ()))
        if posts:
            announce(WordsAnnounced(account.pk, posts))


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(_sound, names)))[:MOST]


def _sound(name: str) -> bool:
    """No account and no post is called by what the database cannot keep."""
    return name == storable(name)
