"""The accounts a pass works with, each with its open session: loaded once, anew only when one of their rows changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.registry import Connector
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import SOON, opened
from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.queries.accounts import accounts_by_id
from kitestring.domains.publishing.rules import waiting
from kitestring.kit.clock import now

FRESH: Final = timedelta(minutes=2)


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

    @property
    def is_fresh(self) -> bool:
        """Whether the grant was renewed a moment ago: refused now, it will not be better for another renewal."""
        grant = getattr(self.account, "grant", None)
        return grant is not None and grant.renewed_at > now() - FRESH

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
        return {key: self._known[key] for key in wanted if key in self._known}


def _desk(account: Account, version: str) -> Desk:
    try:
        connector = registry.get(account.channel)
    except KeyError:
        return Desk(account, version, None)
    try:
        return Desk(account, version, connector, opened(account, timeout=waiting.CALL_TIMEOUT))
    except ConnectorError as error:
        return Desk(account, version, connector, trouble=error)
