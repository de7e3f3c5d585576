"""The accounts a pass works with, each with its open session: loaded once, anew only when one of their rows changed."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError, RetryLater
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.actions.renew import ask_renewal
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import SOON, ends_soon, opened
from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.queries.accounts import accounts_by_id
from kitestring.domains.publishing.rules import waiting
from kitestring.kit.clock import now

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """An account at work. `trouble`: why it has no session; `connector` None: the channel is not installed here."""

    account: Account
    version: str
    connector: Connector | None
    session: Session | None = None
    trouble: ConnectorError | None = None

    @property
    def manifest(self) -> Manifest | None:
        return self.connector.manifest if self.connector else None

    def stands(self, version: str) -> bool:
        """Whether nothing about the account changed since, and its grant does not end now."""
        if self.version != version or self.session is None:
            return False
        ends = self.session.grant.expires_at
        return ends is None or ends > now() + SOON


class Desks:
    """Sessions by account. They hold while the event loop's connections are held (`kit.http.hold`)."""

    def __init__(self) -> None:
        self._known: dict[UUID, Desk] = {}
        self._asked: dict[UUID, datetime] = {}

    def prepare(self, claimed: Iterable[Claimed]) -> dict[UUID, Desk]:
        """The desk of each claimed delivery's account; an account that is gone has none. Reads the database."""
        wanted = {one.account_id: one.version for one in claimed}
        stale = [
            key
            for key, version in wanted.items()
            if key not in self._known or not self._known[key].stands(version)
        ]
        for key, account in (accounts_by_id(stale) if stale else {}).items():
            self._known[key] = _desk(account, wanted[key])
            self._look_ahead(account)
        return {key: self._known[key] for key in wanted if key in self._known}

    def _look_ahead(self, account: Account) -> None:
        """A grant that ends soon is renewed by somebody else meanwhile: asked for once."""
        if ends_soon(account) and self._asked.get(account.pk) != account.grant.renewed_at:
            try:
                ask_renewal(account)
            except DatabaseError:
                log.warning("The renewal of account %s could not be asked for.", account.pk, exc_info=True)
            else:
                self._asked[account.pk] = account.grant.renewed_at


def _desk(account: Account, version: str) -> Desk:
    try:
        connector = registry.get(account.channel)
    except KeyError:
        return Desk(account, version, None)
    try:
        return Desk(account, version, connector, opened(account, timeout=waiting.CALL_TIMEOUT))
    except ConnectorError as error:
        return Desk(account, version, connector, trouble=error)
    except DatabaseError:
        raise
    except Exception as error:
        # One account that cannot be opened must not keep the others of its batch from leaving.
        log.exception("Account %s could not be opened.", account.pk)
        return Desk(account, version, connector, trouble=RetryLater("not_started", said=type(error).__name__))
