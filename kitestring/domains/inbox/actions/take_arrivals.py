"""Takes in what an account's channel brought by its calls."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Incoming, Session
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.hooks import unpacked
from kitestring.domains.channels.models import Account, Arrival
from kitestring.domains.channels.queries import account_at_work, arrivals_of
from kitestring.domains.channels.sessions import talk
from kitestring.domains.inbox.actions.collect import asked_about
from kitestring.domains.inbox.actions.take_in import take_in
from kitestring.domains.inbox.models import Message
from kitestring.domains.inbox.queries import nameless

AT_ONCE: Final = 500
log = logging.getLogger(__name__)


def take_arrivals(account_id: UUID | str) -> list[Message]:
    """The fresh messages of other people among what lies there, oldest first; what was taken in lies there no more.

    Who is not known by name is asked for first, outside any transaction; a channel that does not answer keeps no words out.
    """
    account = account_at_work(account_id)
    opened = _opened(arrivals_of(account.pk, AT_ONCE)) if account else {}
    if account is None or not opened:
        return _take(account_id, {})
    return _take(account_id, _introduced(account, opened))


@transaction.atomic
def _take(account_id: UUID | str, introduced: dict[int, Incoming]) -> list[Message]:
    """A channel brings comments on all that stands on the account: only those on posts of ours are kept, as when they are
    asked for. The account's row is held, so that a fetch and a call that tell of the same words do it one after the other.
    """
    account = account_at_work(account_id, hold=True)
    rows = arrivals_of(account.pk, AT_ONCE) if account else []
    if account is None or not rows:
        return []
    ours = asked_about(account, None)
    brought = (_opened(rows) | {row.pk: introduced[row.pk] for row in rows if row.pk in introduced}).values()
    wanted = [one for one in brought if one.kind != "comment" or one.post_remote_id in ours]
    fresh = take_in(account, wanted, ours)
    for row in rows:
        row.delete()
    return fresh


def _opened(rows: Iterable[Arrival]) -> dict[int, Incoming]:
    """By the row's key; one that cannot be read is left out, with a word in the log."""
    found: dict[int, Incoming] = {}
    for row in rows:
        try:
            found[row.pk] = unpacked(row.told)
        except (TypeError, ValueError) as error:
            log.warning("What was brought as %s cannot be read: %s", row.pk, error)
    return found


def _introduced(account: Account, opened: dict[int, Incoming]) -> dict[int, Incoming]:
    """Those of nameless people with their names, where the channel tells them."""
    connector = registry.connectors().get(account.channel)
    asks = connector.introduces if connector else None
    strangers = nameless(account, {m.author_id for m in opened.values() if not m.author_name and not m.own})
    asked = {key: one for key, one in opened.items() if one.author_id in strangers and not one.author_name}
    if asks is None or not asked:
        return {}

    async def ask(session: Session) -> Sequence[Incoming]:
        return await asks.introduce(session, list(asked.values()))

    try:
        return dict(zip(asked, talk(account, ask), strict=True))
    except (ConnectorError, ValueError) as trouble:
        log.warning("who wrote to %s was not told: %s", account.pk, trouble)
        return {}
