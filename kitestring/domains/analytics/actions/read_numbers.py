"""Reads an account's due numbers from its channel and stores them with their lineage."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, RetryLater
from kitestring.domains.analytics.models import Sample, Watch
from kitestring.domains.analytics.queries.samples import watches_of_account
from kitestring.domains.analytics.rules import next_reading, storable_reading
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.kit.clock import now

AGAIN: Final = timedelta(minutes=5)
log = logging.getLogger(__name__)


def read_numbers(account: Account) -> int:
    """How many samples were stored. A channel in trouble is asked again in five minutes and the watch says why."""
    metrics = registry.get(account.channel).metrics
    watches = watches_of_account(account.pk, now())
    if metrics is None or not watches:
        return 0
    remote_ids = [w.delivery.remote_id for w in watches]

    async def ask(session: Session) -> Sequence[Reading]:
        return await metrics.read(session, remote_ids)

    try:
        readings = talk(account, ask)
    except GrantExpired as ended:
        end_grant(account.pk, ended.reason)
        _ask_again(watches, ended.reason, AGAIN)
        return 0
    except RetryLater as later:
        _ask_again(watches, later.reason, timedelta(seconds=later.after) if later.after else AGAIN)
        return 0
    except ConnectorError as trouble:
        log.warning("numbers of %s not read: %s", account.pk, trouble.reason)
        _ask_again(watches, trouble.reason, AGAIN)
        return 0
    except Exception:
        log.exception("A connector broke while it read the numbers of %s.", account.pk)
        _ask_again(watches, "connector_broke", AGAIN)
        return 0
    return _store(watches, readings)


def _ask_again(watches: list[Watch], reason: str, after: timedelta) -> None:
    for watch in watches:
        watch.problem, watch.next_at = reason[:60], now() + after
        watch.save(update_fields=["problem", "next_at"])


@transaction.atomic
def _store(watches: list[Watch], readings: Sequence[Reading]) -> int:
    by_remote = {w.delivery.remote_id: w for w in watches}
    moment = now()
    samples = [
        Sample(
            delivery=by_remote[r.remote_id].delivery,
            metric=r.metric,
            value=r.value,
            field=r.field,
            why=r.why,
            at=r.at,
            read_at=moment,
        )
        for r in (storable_reading(one, moment) for one in readings if one.remote_id in by_remote)
    ]
    Sample.add_all(samples)
    for watch in watches:
        published_at = watch.delivery.published_at or moment
        watch.rung, watch.next_at = next_reading(published_at, watch.rung, moment)
        watch.problem = ""
        watch.save(update_fields=["rung", "next_at", "problem"])
    return len(samples)
