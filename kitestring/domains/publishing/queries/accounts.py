"""Reads of accounts for the engine, which speaks for the house."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Lane
from kitestring.domains.workspaces.models import Member


def waits_until(account_id: UUID) -> datetime | None:
    """Until when nothing of the account is sent, because a channel or our own backoff says so; it may be over."""
    return Lane.objects.filter(account_id=account_id).values_list("not_before", flat=True).first()


def waits_of(member: Member, account_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """The same for several accounts of the member's workspace; one that does not wait is not in it."""
    found = Lane.objects.filter(account__workspace_id=member.workspace_id, account_id__in=set(account_ids))
    return {account: until for account, until in found.values_list("account_id", "not_before") if until}


def accounts_by_id(ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Accounts with their grants, brand and workspace, in the order they are asked for."""
    asked = list(dict.fromkeys(ids))
    found = {
        one.pk: one
        for one in Account.objects.filter(pk__in=asked).select_related("grant", "brand", "workspace")
    }
    return {key: found[key] for key in asked if key in found}
