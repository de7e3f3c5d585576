"""Worker doors of this domain: grants are renewed before they end."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from kitestring.domains.channels.actions.renew import LEAD, recover, renew, renew_one
from kitestring.domains.channels.queries import accounts_to_renew
from kitestring.kit.clock import now


@app.periodic(cron="*/5 * * * *")
@app.task(name="channels.renew_due", queueing_lock="channels.renew_due", pass_context=False)
def renew_due(timestamp: int = 0, **_more: Any) -> dict[str, int]:
    """Renew every grant that ends within the lead, one after the other; returns how many of each outcome."""
    told: dict[str, int] = {"recovered": found} if (found := recover()) else {}
    for account_id in accounts_to_renew(now() + LEAD):
        outcome = renew(account_id)
        told[outcome] = told.get(outcome, 0) + 1
    return told


@app.task(name="channels.renew_one")
def renew_asked(account_id: str, stamp: str, refused: bool) -> str:
    """Renew a grant that somebody who sends found ended, or ending."""
    return renew_one(UUID(account_id), datetime.fromisoformat(stamp), refused=refused)
