"""Has an account's channel call us, where its API can be told so, and keeps since when it does, or why it does not."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from yarl import URL

from kitestring.connectorkit import registry
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.open_hook import give_address
from kitestring.domains.channels.models import Account, AccountState, AppHook, Hook, Subscription
from kitestring.domains.channels.queries import (
    account_at_work,
    app_hook_of,
    app_key,
    hook_of,
    subscription_of,
)
from kitestring.domains.channels.rules import by_app, provider_of
from kitestring.domains.channels.sessions import hook_address, talk
from kitestring.kit.clock import now
from kitestring.kit.crypto import SealBroken
from kitestring.kit.http.guard import may_connect
from kitestring.kit.jobs import enqueue

log = logging.getLogger(__name__)
NOT_PUBLIC: Final = "address_not_public"
AT_HOME: Final = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def prepare(of: Account, connector: Connector) -> None:
    """For what was just connected, within its transaction: an address of its own where it needs one, and its telling."""
    facts = connector.manifest.hooks
    if facts is None or connector.subscribing is None:
        return
    if facts.of != "app" and public(str(settings.PUBLIC_URL)) and hook_of(of) is None:
        give_address(of, facts)
    else:
        enqueue("channels.subscribe", account_id=str(of.pk))


def subscribe(account_id: UUID) -> None:
    """See to it that the channel calls; a channel that cannot be asked leaves what was known. Ends nothing, whatever it says."""
    found = account_at_work(account_id)
    if found is None or found.state == AccountState.DISCONNECTED:
        return
    connector = registry.connectors().get(found.channel)
    power = connector.subscribing if connector else None
    hook = address_row(found)
    if power is None or hook is None:
        if kept := subscription_of(found):
            kept.delete()
        return
    try:
        address = hook_address(found.channel, hook)
        if public(address):
            talk(found, lambda session: power.subscribe(session, address))
            _keep(found, hook, "", {})
        else:
            _keep(found, hook, NOT_PUBLIC, {})
    except SealBroken:
        log.info("The address of account %s cannot be read", account_id)
    except (GrantExpired, Rejected) as error:
        _keep(found, hook, error.reason, error.params)
    except ConnectorError as error:
        log.info("Account %s could not be subscribed now: %s", account_id, error.reason)
        if subscription_of(found) is None:
            _keep(found, hook, error.reason, error.params)


def address_row(of: Account) -> Hook | AppHook | None:
    """The address that calls about the account come to: its own, or that of the app it was connected by."""
    manifest = registry.get(of.channel).manifest
    if manifest.hooks is None or manifest.hooks.of != "app":
        return hook_of(of)
    provider = provider_of(manifest)
    kept = app_key(of.workspace, provider) if by_app(manifest, of.way, provider) else None
    return app_hook_of(kept, of.channel) if kept else None


def public(address: str) -> bool:
    """Whether a channel could call it: https, and no name or number of a machine at home."""
    url = URL(address)
    host = (url.host or "").lower()
    try:
        return url.scheme == "https" and may_connect(ip_address(host), allow_loopback=False)
    except ValueError:
        return url.scheme == "https" and "." in host and not host.endswith(AT_HOME)


@transaction.atomic
def _keep(of: Account, hook: Hook | AppHook, reason: str, params: Mapping[str, str | int]) -> None:
    """It calls since it was first seen to at this address, by this connection."""
    kept = subscription_of(of, hold=True) or Subscription(account=of)
    begun = max(of.connected_at, hook.made_at)
    if reason:
        kept.since = None
    elif kept.since is None or kept.since < begun:
        kept.since = now()
    kept.reason, kept.params, kept.at = reason[:60], dict(params), now()
    kept.save()
