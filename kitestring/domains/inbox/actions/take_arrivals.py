"""Takes in what an account's channel brought by its calls."""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from django.db import transaction

from kitestring.connectorkit.contract import Incoming
from kitestring.connectorkit.hooks import unpacked
from kitestring.domains.channels.models import Arrival
from kitestring.domains.channels.queries import account_at_work, arrivals_of
from kitestring.domains.inbox.actions.collect import asked_about
from kitestring.domains.inbox.actions.take_in import take_in
from kitestring.domains.inbox.models import Message

AT_ONCE: Final = 500
log = logging.getLogger(__name__)


@transaction.atomic
def take_arrivals(account_id: UUID | str) -> list[Message]:
    """The fresh messages of other people among what lies there, oldest first; what was taken in lies there no more.

    A channel brings comments on all that stands on the account: only those on posts of ours are kept, as when they are
    asked for. The account's row is held, so that a fetch and a call that tell of the same words do it one after the other.
    """
    account = account_at_work(account_id, hold=True)
    if account is None:
        return []
    rows = arrivals_of(account.pk, AT_ONCE)
    if not rows:
        return []
    ours = asked_about(account)
    brought = [one for one in map(_opened, rows) if one is not None]
    wanted = [one for one in brought if one.kind != "comment" or one.post_remote_id in ours]
    fresh = take_in(account, wanted, ours)
    for row in rows:
        row.delete()
    return fresh


def _opened(row: Arrival) -> Incoming | None:
    try:
        return unpacked(row.told)
    except (TypeError, ValueError) as error:
        log.warning("What was brought to account %s cannot be read: %s", row.account_id, error)
        return None
