"""Fetches what people said on an account's posts and takes it in."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import IncomingPage, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired
from kitestring.connectorkit.manifest import Asking, Manifest
from kitestring.domains.channels.actions.note_asked import note_asked
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account_at_work
from kitestring.domains.channels.sessions import talk
from kitestring.domains.inbox.actions.take_in import take_in
from kitestring.domains.inbox.models import Message
from kitestring.domains.inbox.rules import its_turn
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import published_on
from kitestring.kit.clock import now

KEEP_ASKING: Final = timedelta(days=30)
# Sixteen posts a day on one account for all that time. Connectors ask about them by the dozen.
MOST_POSTS: Final = 500
log = logging.getLogger(__name__)


def collect(account: Account, posts: Collection[str] | None = None) -> list[Message]:
    """New messages of other people on the account's posts of the last 30 days.

    `posts`: only these, by remote id, beside what stands under no post; then the round's own turn stays where it is.
    The cursor is stored with the messages in one transaction. A channel that is down or odd leaves everything as it
    is, to be asked again; only an ended grant is written down.
    """
    connector = registry.get(account.channel)
    inbox = connector.inbox
    if inbox is None:
        return []
    if posts is None:
        deliveries = asked_about(account, connector.manifest.asking)
        note_asked(account)
    else:
        deliveries = _of_ours(account, posts)
    if not deliveries and (posts or not _stands_alone(connector.manifest)):
        return []

    async def ask(session: Session) -> IncomingPage:
        return await inbox.fetch(session, list(deliveries), account.inbox_cursor)

    try:
        page = talk(account, ask)
    except GrantExpired as ended:
        end_grant(account.pk, ended.reason)
        return []
    except ConnectorError as trouble:
        log.warning("inbox of %s not read: %s", account.pk, trouble.reason)
        return []
    with transaction.atomic():
        held = account_at_work(account.pk, hold=True)
        if held is None:
            return []
        fresh = take_in(held, page.messages, deliveries)
        held.inbox_cursor = page.cursor
        held.save(update_fields=["inbox_cursor"])
    return fresh


def asked_about(account: Account, asking: Asking | None) -> dict[str, Delivery]:
    """The account's posts whose comments are wanted in this round, by remote id."""
    moment = now()
    rows = published_on(account, moment - KEEP_ASKING)[:MOST_POSTS]
    wanted = {one.remote_id: one for one in rows if one.remote_id}
    if asking is None or not asking.by_post:
        return wanted
    asked_at, every = account.inbox_asked_at, asking.every
    return {
        key: one
        for key, one in wanted.items()
        if its_turn(one.published_at or one.due_at, one.pk.int, asked_at, every, moment)
    }


def _of_ours(account: Account, posts: Collection[str]) -> dict[str, Delivery]:
    rows = published_on(account, now() - KEEP_ASKING).filter(remote_id__in=list(posts)) if posts else ()
    return {one.remote_id: one for one in rows}


def _stands_alone(manifest: Manifest) -> bool:
    """Whether the channel has words of people that hang on no post of ours."""
    return manifest.message is not None or "mentions" in manifest.capabilities
