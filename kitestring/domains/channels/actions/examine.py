"""Asks a channel how an account is: rights, quotas left, what is wrong or will be, and what there is to choose from by now."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Examined, Finding
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.domains.channels.actions.subscribe import subscribe
from kitestring.domains.channels.models import Account, AccountState, Checkup
from kitestring.domains.channels.queries import account_at_work, accounts_to_examine, checkup_of
from kitestring.domains.channels.sessions import talk
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.kit.text import storable_in

TASK: Final = "channels.examine"
log = logging.getLogger(__name__)


def examine(account_id: UUID) -> bool:
    """Keep what the channel says now; whether it said anything. A refusal is a finding; trouble on the way is none."""
    found = account_at_work(account_id)
    if found is None or found.state == AccountState.DISCONNECTED:
        return False
    try:
        told = _asked(found)
    except (GrantExpired, Rejected) as error:
        told = Examined([Finding("bad", error.reason, error.params)])
    except ConnectorError as error:
        log.info("Account %s could not be examined now: %s", account_id, error.reason)
        return False
    if told is None:
        return False
    kept = checkup_of(found) or Checkup(account=found)
    kept.findings = storable_in(
        [{"state": one.state, "reason": one.reason, "params": dict(one.params)} for one in told.findings]
    )
    kept.scopes = storable_in(list(told.scopes)) if told.scopes is not None else None
    kept.left, kept.at = storable_in(dict(told.left)), now()
    kept.save()
    if told.settings:
        refresh_settings(account_id, told.settings)
    if all(one.state != "bad" for one in told.findings):
        subscribe(account_id)
    return True


@transaction.atomic
def refresh_settings(account_id: UUID, fresh: Mapping[str, Any]) -> None:
    """Boards, lists, limits as the channel has them now. What was chosen before and is gone is found while writing."""
    found = account_at_work(account_id, hold=True)
    if found is None:
        return
    settings = {**found.settings, **storable_in(fresh)}
    if settings != found.settings:
        found.settings = settings
        found.save(update_fields=["settings"])


def _asked(of: Account) -> Examined | None:
    """None where the connector has no diagnostics, or is gone."""
    try:
        diagnostics = registry.get(of.channel).diagnostics
    except KeyError:
        return None
    return talk(of, diagnostics.examine) if diagnostics is not None else None


def examine_due(limit: int = 1000) -> int:
    """A job for each account whose last check-up is a day old, the oldest first; returns how many.

    One each: an account whose channel is silent or odd keeps nobody else from their turn, however many there are.
    """
    able = [slug for slug, one in registry.connectors().items() if one.can("diagnostics")]
    due = accounts_to_examine(able, now(), limit)
    for account_id in due:
        enqueue(TASK, once=f"{TASK}:{account_id}", account_id=str(account_id))
    return len(due)
