"""Renews an account's grant before it ends; marks it ended only when the channel says so."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.domains.channels.actions.words import refusal
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.channels.queries import account, account_at_work
from kitestring.domains.channels.sessions import renewed_grant
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

LEAD: Final = timedelta(minutes=20)
log = logging.getLogger(__name__)


def renew(account_id: UUID, *, lead: timedelta = LEAD) -> Literal["kept", "ended", "later"]:
    """For the worker: renew the grant if it ends within `lead`. A passing trouble changes nothing ("later")."""
    found = account_at_work(account_id)
    if found is None or found.state != AccountState.CONNECTED:
        return "kept"
    try:
        renewed_grant(found, until=now() + lead)
    except (GrantExpired, Rejected) as error:
        expire(found.pk, error.reason)
        return "ended"
    except ConnectorError as error:
        log.warning("Grant of account %s not renewed yet: %s", found.pk, error.reason)
        return "later"
    return "kept"


@transaction.atomic
def expire(account_id: UUID, reason: str) -> Account | None:
    """The house found that an account's consent has ended: nothing is sent until a member connects it again."""
    found = account_at_work(account_id, hold=True)
    if found is None or found.state != AccountState.CONNECTED:
        return found
    found.move(AccountState.EXPIRED, reason)
    found.save(update_fields=["state", "problem"])
    record(found.workspace, "account.expire", found, after={"name": found.name, "reason": reason})
    return found


def check_account(member: Member, account_id: UUID) -> Account:
    """Ask the channel now whether the grant still opens, and renew it. Raises Refusal with its sentence."""
    require(member, "account.connect")
    found = account(member, account_id)
    if found.state == AccountState.DISCONNECTED:
        raise Refusal(_("This account is disconnected. Connect it again first."))
    try:
        renewed_grant(found, until=now(), force=True)
    except (GrantExpired, Rejected) as error:
        expire(found.pk, error.reason)
        raise refusal(found.channel, error, member.language) from error
    except ConnectorError as error:
        raise refusal(found.channel, error, member.language) from error
    with transaction.atomic():
        kept = account(member, account_id, hold=True)
        if kept.state == AccountState.EXPIRED:
            kept.move(AccountState.CONNECTED)
            kept.save(update_fields=["state", "problem"])
        record(member, "account.renew", kept, after={"name": kept.name})
    return kept
