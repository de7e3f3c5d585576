"""The accounts a worker sends for, each with its open session: opened once, anew only when one of their rows changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

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
from kitestring.domains.publishing.models.judging import GRANT, VERSION
from kitestring.domains.publishing.queries.accounts import accounts_by_id
from kitestring.domains.publishing.rules import waiting
from kitestring.kit.clock import now
from kitestring.kit.prepared import fetch

ASK_AGAIN: Final = timedelta(seconds=30)
MOST: Final = 2000  # accounts that are kept open; those of the latest claims
SOON_DUE: Final = (
    """
SELECT d.account_id, {VERSION} FROM (
    SELECT DISTINCT account_id FROM publishing_delivery
    WHERE state = 'scheduled' AND due_at <= %(until)s LIMIT %(most)s) d
JOIN LATERAL (SELECT *, xmin AS version FROM channels_account WHERE id = d.account_id OFFSET 0) a ON true
JOIN brands_brand b ON b.id = a.brand_id JOIN workspaces_workspace w ON w.id = a.workspace_id
""".replace("{VERSION}", VERSION)
    + GRANT
)
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

    @classmethod
    def here(cls) -> Desks:
        """Those of this event loop, which all its passes share."""
        return _here.setdefault(asyncio.get_running_loop(), cls())

    def __init__(self) -> None:
        self._known: dict[UUID, Desk] = {}
        self._asked: dict[UUID, tuple[datetime, datetime]] = {}

    def prepare(self, claimed: Iterable[Claimed]) -> dict[UUID, Desk]:
        """The desk of each claimed delivery's account; an account that is gone has none. Reads the database."""
        return self._open({one.account_id: one.version for one in claimed})

    def prepare_for(self, until: datetime) -> None:
        """Open what is due until then, so that its second finds it open."""
        self._open(dict(fetch(SOON_DUE, {"until": until, "most": MOST})))

    def _open(self, wanted: dict[UUID, str]) -> dict[UUID, Desk]:
        stale = [key for key, version in wanted.items() if not self._stands(key, version)]
        for key in stale:
            self._known.pop(key, None)
        for key, account in (accounts_by_id(stale) if stale else {}).items():
            self._known[key] = _desk(account, wanted[key])
            self._look_ahead(account)
        found = {key: self._known[key] for key in wanted if key in self._known}
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]
        return found

    def _stands(self, key: UUID, version: str) -> bool:
        return key in self._known and self._known[key].stands(version)

    def _look_ahead(self, account: Account) -> None:
        """A grant that ends soon is renewed by somebody else meanwhile: asked for now and then, for a job may be lost."""
        if not ends_soon(account):
            return
        of, moment = account.grant.renewed_at, now()
        asked_of, asked_at = self._asked.get(account.pk, (None, moment))
        if asked_of == of and moment - asked_at < ASK_AGAIN:
            return
        try:
            ask_renewal(account)
        except DatabaseError:
            log.warning("The renewal of account %s could not be asked for.", account.pk, exc_info=True)
        else:
            self._asked[account.pk] = of, moment


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


_here: WeakKeyDictionary[asyncio.AbstractEventLoop, Desks] = WeakKeyDictionary()
