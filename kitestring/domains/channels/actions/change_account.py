"""Renames, pauses, resumes and disconnects an account. What it did stays."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.channels.queries import account, grant_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.actions.register import named
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now


@transaction.atomic
def rename_account(member: Member, account_id: UUID, name: str) -> Account:
    """What the account is called here; its handle on the channel is the channel's. Raises Refusal(field="name")."""
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    clean, before = named(name, longest=255), found.name
    if clean != before:
        found.name = clean
        found.save(update_fields=["name"])
        record(member, "account.rename", found, before={"name": before}, after={"name": clean})
    return found


@transaction.atomic
def pause_account(member: Member, account_id: UUID) -> Account:
    """Nothing goes out on this account until it is resumed; what is due waits."""
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    if found.paused_at is None:
        found.paused_at = now()
        found.save(update_fields=["paused_at"])
        record(member, "account.pause", found, after={"name": found.name})
    return found


@transaction.atomic
def resume_account(member: Member, account_id: UUID) -> Account:
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    if found.paused_at is not None:
        found.paused_at = None
        found.save(update_fields=["paused_at"])
        record(member, "account.resume", found, after={"name": found.name})
    return found


@transaction.atomic
def disconnect(member: Member, account_id: UUID) -> Account:
    """Forget the grant at once; posts, numbers and conversations stay. Connecting again brings the account back."""
    require(member, "account.connect")
    found = account(member, account_id, hold=True)
    if found.state != AccountState.DISCONNECTED:
        before = {"name": found.name, "state": found.state}
        if stored := grant_of(found.pk, hold=True):
            stored.delete()
        found.move(AccountState.DISCONNECTED)
        found.save(update_fields=["state", "problem"])
        record(member, "account.disconnect", found, before=before, after={"state": found.state})
    return found
