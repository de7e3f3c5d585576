"""The accounts' own numbers of the last two months: what the channel says now, and a way towards it day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Reading, Session
from kitestring.domains.analytics.models import AccountSample
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.sessions import talk
from kitestring.sandbox.presences import Presence
from kitestring.sandbox.seed.desk import Desk
from kitestring.sandbox.seed.queries import insert

DAYS: Final = 60
GROWTH: Final = 0.06  # of the followers of now came in those days
FOLLOWS: Final = 14  # followers for each account that is followed


def write_audiences(desk: Desk) -> None:
    """Yesterday and the days before; today's is read by the worker as anywhere."""
    rows: list[AccountSample] = []
    for account, presence in desk.accounts.values():
        if registry.get(account.channel).account_numbers is None or account.channel not in desk.channels:
            continue
        _tell(desk, account, presence)
        for reading in _read(account):
            rows += _days(desk, account, reading)
    insert(rows)


def _tell(desk: Desk, account: Account, presence: Presence) -> None:
    """The channel knows how many follow this brand there."""
    one = desk.channels[account.channel]
    many = presence.followers or 800
    told = {
        "followers": many,
        "followers_gained": max(2, many // 200),
        "followers_lost": many // 700,
        "following": max(3, presence.followers // FOLLOWS),
    }
    for fact in registry.get(account.channel).manifest.account_metrics:
        if fact.key in told:
            one.platform.tell(account.remote_id, fact.key, told[fact.key])
    one.changed = True


def _read(account: Account) -> Sequence[Reading]:
    numbers = registry.get(account.channel).account_numbers
    if numbers is None:
        return []

    async def ask(session: Session) -> Sequence[Reading]:
        return await numbers.account(session)

    return talk(account, ask)


def _days(desk: Desk, account: Account, reading: Reading) -> list[AccountSample]:
    today = desk.at.astimezone(account.brand.zone).date()
    return [
        AccountSample(
            account=account,
            metric=reading.metric,
            day=today - timedelta(days=ago),
            value=_then(reading, ago, str(account.pk)),
            field=reading.field[:120],
            why=reading.why[:60],
            at=desk.at - timedelta(days=ago),
            read_at=desk.at - timedelta(days=ago),
        )
        for ago in range(1, DAYS)
    ]


def _then(reading: Reading, ago: int, key: str) -> float | None:
    """So many days ago: growing on the whole, with days on which some leave."""
    if reading.value is None:
        return None
    wobble = sha256(f"{key}|{reading.metric}|{ago}".encode()).digest()[0] / 255 - 0.5
    share = 1 - GROWTH * (ago + 3 * wobble) / DAYS
    return float(max(0, round(reading.value * share)))
