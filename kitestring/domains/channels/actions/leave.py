"""Disconnects an account and gives its consent back at the channel, where that takes it and nobody else here lives by it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Grant
from kitestring.connectorkit.errors import GrantExpired
from kitestring.connectorkit.powers import GivesBack
from kitestring.connectorkit.sentences import sentence
from kitestring.domains.channels.actions.change_account import disconnect
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account, grant_of, others_grants
from kitestring.domains.channels.sessions import APP, Fence, fence, open_grant, within
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require

log = logging.getLogger(__name__)
PATIENCE: Final = 8.0  # seconds a person waits for it; the account is disconnected before


@dataclass(frozen=True)
class Left:
    """`given_back`: whether the channel ended the consent; None where that was not asked of it. `said`: why it did not."""

    account: Account
    given_back: bool | None = None
    said: str = ""


def leave(member: Member, account_id: UUID) -> Left:
    """Disconnect the account (as `disconnect`), then ask the channel to end its consent.

    Not asked where a person typed the key themselves, or where another account here lives by the same consent. What the channel
    answers changes nothing here.
    """
    gone, grant = _disconnected(member, account_id)
    power = _power_of(gone)
    if power is None or grant is None or _needed(gone, power, grant):
        return Left(gone)
    try:
        async_to_sync(_given_back)(gone, grant, fence(gone.workspace, gone.channel), power)
    except GrantExpired:
        pass  # it had ended there already
    except Exception as error:  # noqa: BLE001 - the account is disconnected: whatever went wrong there is told, no more
        log.warning("The consent of account %s was not given back: %r", gone.pk, error)
        manifest = registry.get(gone.channel).manifest
        return Left(gone, False, sentence("not_given_back", {}, member.language, manifest))
    return Left(gone, True)


@transaction.atomic
def _disconnected(member: Member, account_id: UUID) -> tuple[Account, Grant | None]:
    """(the account, the grant that was thrown away): nobody renews it in between."""
    require(member, "account.connect")
    grant = _grant_of(account(member, account_id, hold=True))
    return disconnect(member, account_id), grant


async def _given_back(found: Account, grant: Grant, only: Fence, power: GivesBack) -> None:
    async with asyncio.timeout(PATIENCE):
        await within(found, grant, only, power.give_back, PATIENCE)


def _power_of(found: Account) -> GivesBack | None:
    try:
        return registry.connected_by(found.channel, found.way).gives_back
    except KeyError:
        return None


def _grant_of(found: Account) -> Grant | None:
    try:
        return open_grant(grant_of(found.pk, hold=True))
    except GrantExpired:
        return None


def _needed(found: Account, power: GivesBack, grant: Grant) -> bool:
    """Whether another account, of any workspace of this instance, would end with this consent: channels may end all that a
    person gave to an app, and the same presence may be connected for another brand."""
    for stored in others_grants(found):
        try:
            other = open_grant(stored)
        except GrantExpired:
            continue
        alike = power.ENDS_ALL or stored.account.remote_id == found.remote_id
        if alike and _client(other.secrets) == _client(grant.secrets):
            return True
        if _tokens(other.secrets) & _tokens(grant.secrets):
            return True
    return False


def _client(secrets: Mapping[str, Any]) -> Any:
    app = secrets.get(APP) or {}
    return app.get("client_id") or app.get("client_key")


def _tokens(secrets: Mapping[str, Any]) -> set[str]:
    return {str(value) for key, value in secrets.items() if "token" in key and value}
