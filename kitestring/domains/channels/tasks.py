"""Worker doors of this domain: grants are renewed before they end."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from procrastinate.contrib.django import app

from kitestring.domains.channels.actions.examine import TASK, examine, examine_due
from kitestring.domains.channels.actions.notice_changes import notice_changes
from kitestring.domains.channels.actions.renew import recover, renew, renew_one, stand_again
from kitestring.domains.channels.actions.subscribe import subscribe
from kitestring.domains.channels.queries import accounts_to_renew
from kitestring.kit.clock import now

log = logging.getLogger(__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="channels.renew_due", queueing_lock="channels.renew_due", pass_context=False)
def renew_due(timestamp: int = 0, **_more: Any) -> dict[str, int]:
    """Renew every grant whose end comes near, one after the other; returns how many of each outcome."""
    told: dict[str, int] = {"recovered": found} if (found := recover()) else {}
    for account_id in accounts_to_renew(now()):
        outcome = _renew_safely(account_id)
        told[outcome] = told.get(outcome, 0) + 1
    return told


# Something due waits for it: before what is collected and measured.
@app.task(name="channels.renew_one", priority=5)
def renew_asked(account_id: str, stamp: str, asked_at: str, refused: str = "", said: str = "") -> str:
    """Renew a grant that somebody who sends found ended, or ending."""
    asked = datetime.fromisoformat(asked_at)
    return renew_one(
        UUID(account_id), datetime.fromisoformat(stamp), asked_at=asked, refused=refused, said=said
    )


@app.periodic(cron="17 * * * *")
@app.task(name="channels.examine_due", queueing_lock="channels.examine_due", pass_context=False)
def examine_all(timestamp: int = 0, **_more: Any) -> int:
    """Ask, once a day and account, what is wrong or will be."""
    return examine_due()


@app.task(name=TASK)
def examine_one(account_id: str) -> bool:
    """Ask one account's channel."""
    return examine(UUID(account_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="channels.notice_changes", queueing_lock="channels.notice_changes", pass_context=False)
def notice(timestamp: int = 0, **_more: Any) -> int:
    """After an upgrade: what is known of channels and rules may be another thing than yesterday."""
    return notice_changes()


@app.task(name="channels.ask_again", priority=5)
def ask_again(account_id: str) -> bool:
    """An account stopped for want of its app's right keys; there are new ones now."""
    return stand_again(UUID(account_id))


@app.task(name="channels.subscribe")
def subscribe_one(account_id: str) -> None:
    """An account, or an address that its channel is to call, is new."""
    subscribe(UUID(account_id))


def _renew_safely(account_id: UUID) -> str:
    """One account's odd trouble must not keep the others from their renewal."""
    try:
        return renew(account_id)
    except DatabaseError:
        raise
    except Exception:
        log.exception("The grant of account %s could not be renewed.", account_id)
        return "later"
