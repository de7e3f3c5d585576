"""Renews an account's grant before it ends; marks it ended only when the channel says so."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected
from kitestring.domains.channels.actions.words import refusal
from kitestring.domains.channels.events import GrantEnded, GrantRenewed
from kitestring.domains.channels.models import LEAD, Account, AccountState, StoredGrant
from kitestring.domains.channels.queries import account, account_at_work, grant_of
from kitestring.domains.channels.rules import BY_HAND
from kitestring.domains.channels.sessions import SOON, open_grant, recovered, renewed_grant, shelf
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.jobs import enqueue
from kitestring.kit.refusals import Refusal

FRESH: Final = timedelta(minutes=2)
SAME_DOUBT: Final = timedelta(minutes=10)
TO_US: Final = frozenset({"app_keys_wrong", "version_retired"})
Renewed = Literal["kept", "ending", "ended", "later"]
log = logging.getLogger(__name__)


def renew(account_id: UUID) -> Renewed:
    """For the worker: renew the grant if its end comes near. A passing trouble changes nothing ("later").

    A no while the grant still opens ends nothing ("ending"): it is told, and what is due before its end goes out.
    """
    found, stored = account_at_work(account_id), grant_of(account_id)
    if found is None or found.state != AccountState.CONNECTED or stored is None:
        return "kept"
    return _renewed(found, stored, until=now() + stored.lead)


def _renewed(
    found: Account, stored: StoredGrant | None, *, until: datetime, refused: bool = False
) -> Renewed:
    try:
        renewed_grant(found, until=until, refused=open_grant(stored) if refused else None)
    except (GrantExpired, Rejected) as error:
        stands = not refused or error.reason == BY_HAND
        if stands and stored is not None and _opens_still(stored, error.reason):
            _tell_ahead(found.pk, error.reason, of=stored)
            return "ending"
        expire(found.pk, error.reason, said=error.said, of=stored)
        return "ended"
    except ConnectorError as error:
        log.warning("Grant of account %s not renewed yet: %s", found.pk, error.reason)
        return "later"
    return "kept"


def _opens_still(stored: StoredGrant, reason: str) -> bool:
    """Whether a no leaves days to act in. One that lives for hours ends with it: whoever took it back meant it.

    Where the no is to us and not to the account (our app's keys, our version), the grant is good until its own end.
    """
    if reason in TO_US:
        return stored.expires_at is None or stored.expires_at > now()
    return stored.expires_at is not None and stored.lead > LEAD and stored.expires_at > now() + LEAD


@transaction.atomic
def _tell_ahead(account_id: UUID, reason: str, *, of: StoredGrant) -> None:
    """Write down that the channel will not renew the grant `of`; another one that was stored meanwhile is left alone."""
    found, stored = account_at_work(account_id, hold=True), grant_of(account_id, hold=True)
    if found is None or stored is None or stored.renewed_at != of.renewed_at:
        return
    first = stored.refused_at is None
    stored.refused_at, stored.refused = now(), reason[:60]
    stored.save(update_fields=["refused_at", "refused"])
    if first:
        ends = stored.expires_at.isoformat() if stored.expires_at else ""
        record(
            found.workspace, "account.ends", found, after={"name": found.name, "reason": reason, "ends": ends}
        )


def ask_renewal(account: Account, *, refused: str = "", said: str = "") -> None:
    """Have the grant that `account` was loaded with renewed by a worker, once, whoever else asks too.

    `refused`: why the channel did not take it, `said` in its own words; "" when it only ends soon. Those who send ask
    here: a renewal may take long, and they may not wait.
    """
    grant = getattr(account, "grant", None)
    if grant is not None:
        enqueue(
            "channels.renew_one", once=f"channels.renew_one {account.pk}", account_id=str(account.pk),
            stamp=grant.renewed_at.isoformat(), asked_at=now().isoformat(), refused=refused, said=said,
        )  # fmt: skip


def renew_one(
    account_id: UUID, stamp: datetime, *, asked_at: datetime, refused: str = "", said: str = ""
) -> Renewed:
    """For the worker: renew the grant of that `stamp` (its `renewed_at`); a later one is left alone.

    A grant that had been refused and renewed a moment before it was `refused` again ends, with the channel's reason and
    words: another renewal would not better it. One refusal alone ends nothing, however young the grant is.
    """
    found, stored = account_at_work(account_id), grant_of(account_id)
    if found is None or found.state != AccountState.CONNECTED or stored is None or stored.renewed_at != stamp:
        return "kept"
    doubted = stored.doubted_at is not None and stored.doubted_at > asked_at - SAME_DOUBT
    if refused and doubted and stamp > asked_at - FRESH:
        expire(found.pk, refused, said=said, of=stored)
        return "ended"
    if refused:
        _doubt(stored)
    outcome = _renewed(found, stored, until=now() + SOON, refused=bool(refused))
    if refused and doubted and outcome == "ending":
        expire(found.pk, refused, said=said, of=stored)
        return "ended"
    if outcome == "kept" or (refused and outcome == "ending"):
        announce(GrantRenewed(found.pk))
    return outcome


@transaction.atomic
def _doubt(of: StoredGrant) -> None:
    """Write down that a call was refused by the grant `of`, unless another one is stored meanwhile."""
    stored = grant_of(of.account_id, hold=True)
    if stored is not None and stored.renewed_at == of.renewed_at:
        stored.doubted_at = now()
        stored.save(update_fields=["doubted_at"])


def recover() -> int:
    """Store the grants that this machine was given and could not store; returns how many.

    Another machine may have found the account's consent ended meanwhile, for want of it: then it stands again.
    """
    found = [one for one in list(shelf().keys()) if recovered(one)]
    for account_id in found:
        log.warning(
            "The grant of account %s was renewed just before something broke; it is stored now.", account_id
        )
        _stands_again(account_id)
    return len(found)


@transaction.atomic
def _stands_again(account_id: UUID) -> None:
    found = account_at_work(account_id, hold=True)
    if found is not None and found.state == AccountState.EXPIRED:
        found.move(AccountState.CONNECTED)
        found.save(update_fields=["state", "problem"])
        record(found.workspace, "account.renew", found, after={"name": found.name})


def stand_again(account_id: UUID) -> bool:
    """Ask for an account whose grant was found ended, because what it ended for was cured; whether it stands again."""
    found = account_at_work(account_id)
    if found is None or found.state != AccountState.EXPIRED:
        return False
    try:
        renewed_grant(found, until=now(), force=True)
    except ConnectorError as error:
        log.info("Account %s does not open yet: %s", account_id, error.reason)
        return False
    _stands_again(account_id)
    return True


@transaction.atomic
def expire(account_id: UUID, reason: str, *, said: str = "", of: StoredGrant | None = None) -> Account | None:
    """The house found that an account's consent has ended: nothing is sent until a member connects it again.

    `of`: the grant it was found of; when another is stored by now, somebody connected meanwhile and nothing ends.
    """
    found = account_at_work(account_id, hold=True)
    if found is None or found.state != AccountState.CONNECTED:
        return found
    if of is not None:
        stored = grant_of(account_id)
        if stored is not None and stored.renewed_at != of.renewed_at:
            return found
    found.move(AccountState.EXPIRED, reason)
    found.save(update_fields=["state", "problem"])
    record(found.workspace, "account.expire", found, after={"name": found.name, "reason": reason})
    announce(GrantEnded(found.pk, reason, said))
    return found


def check_account(member: Member, account_id: UUID) -> Account:
    """Ask the channel now whether the grant still opens, and renew it. Raises Refusal with its sentence."""
    require(member, "account.connect")
    found = account(member, account_id)
    if found.state == AccountState.DISCONNECTED:
        raise Refusal(_("This account is disconnected. Connect it again first."))
    stored = grant_of(found.pk)
    try:
        renewed_grant(found, until=now(), force=True)
    except (GrantExpired, Rejected) as error:
        if stored is not None and _opens_still(stored, error.reason):
            _tell_ahead(found.pk, error.reason, of=stored)
        else:
            expire(found.pk, error.reason, said=error.said, of=stored)
        raise refusal(found.channel, error, member) from error
    except ConnectorError as error:
        raise refusal(found.channel, error, member) from error
    with transaction.atomic():
        kept = account(member, account_id, hold=True)
        if kept.state == AccountState.EXPIRED:
            kept.move(AccountState.CONNECTED)
            kept.save(update_fields=["state", "problem"])
        record(member, "account.renew", kept, after={"name": kept.name})
    return kept
