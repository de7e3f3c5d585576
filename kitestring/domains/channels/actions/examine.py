"""Asks a channel how an account is: rights, quotas left, what is wrong or will be. Nothing of the account changes by it."""

from __future__ import annotations

import logging
from uuid import UUID

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Examined, Finding
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.domains.channels.models import Account, AccountState, Checkup
from kitestring.domains.channels.queries import account_at_work, accounts_to_examine, checkup_of
from kitestring.domains.channels.sessions import talk
from kitestring.kit.clock import now

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
    kept.findings = [
        {"state": one.state, "reason": one.reason, "params": dict(one.params)} for one in told.findings
    ]
    kept.scopes = list(told.scopes) if told.scopes is not None else None
    kept.left, kept.at = dict(told.left), now()
    kept.save()
    return True


def _asked(of: Account) -> Examined | None:
    """None where the connector has no diagnostics, or is gone."""
    try:
        diagnostics = registry.get(of.channel).diagnostics
    except KeyError:
        return None
    return talk(of, diagnostics.examine) if diagnostics is not None else None


def examine_due(limit: int = 50) -> int:
    """Every account whose last check-up is a day old, the oldest first; returns how many answered."""
    able = [slug for slug, one in registry.connectors().items() if one.can("diagnostics")]
    return sum(examine(account_id) for account_id in accounts_to_examine(able, now(), limit))
