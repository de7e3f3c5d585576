"""Reads an account's own numbers once a day and keeps them with their lineage; what was kept is never written over."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, RetryLater
from kitestring.domains.analytics.models import AccountSample, AccountWatch
from kitestring.domains.analytics.queries.accounts import account_watch, counted
from kitestring.domains.analytics.rules import next_day, storable_reading
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.domains.publishing.actions.end_grant import end_grant
from kitestring.kit.clock import now

AGAIN: Final = timedelta(minutes=30)
log = logging.getLogger(__name__)


def read_account(account: Account) -> int:
    """How many numbers were stored. A channel in trouble is asked again in half an hour, a connector that breaks too, and the
    watch says why."""
    numbers = registry.get(account.channel).account_numbers
    watch = account_watch(account)
    if numbers is None or (watch is not None and watch.next_at > now()):
        return 0

    async def ask(session: Session) -> Sequence[Reading]:
        return await numbers.account(session)

    try:
        readings = talk(account, ask)
    except GrantExpired as ended:
        end_grant(account.pk, ended.reason)
        _next(account, now() + AGAIN, ended.reason)
        return 0
    except RetryLater as later:
        _next(account, now() + (timedelta(seconds=later.after) if later.after else AGAIN), later.reason)
        return 0
    except ConnectorError as trouble:
        log.warning("numbers of account %s not read: %s", account.pk, trouble.reason)
        _next(account, now() + AGAIN, trouble.reason)
        return 0
    except Exception:
        log.exception("A connector broke while it read the numbers of account %s.", account.pk)
        _next(account, now() + AGAIN, "connector_broke")
        return 0
    return _store(account, readings)


def _next(account: Account, at: datetime, problem: str = "") -> None:
    watch = account_watch(account) or AccountWatch(account=account)
    watch.next_at, watch.problem = at, problem[:60]
    watch.save()


@transaction.atomic
def _store(account: Account, readings: Sequence[Reading]) -> int:
    """Only what the manifest states, on the brand's day of this moment."""
    moment, stated = now(), set(counted(account))
    samples = [
        AccountSample(
            account=account,
            metric=r.metric,
            day=moment.astimezone(account.brand.zone).date(),
            value=r.value,
            field=r.field,
            why=r.why,
            at=r.at,
            read_at=moment,
        )
        for r in (storable_reading(one, moment) for one in readings if one.metric in stated)
    ]
    AccountSample.add_all(samples)
    _next(account, next_day(moment, account.brand.zone))
    return len(samples)
