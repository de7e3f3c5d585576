"""Reads of accounts for the engine, which speaks for the house."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from kitestring.domains.channels.models import Account


def accounts_by_id(ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Accounts with their grants, brand and workspace."""
    found = Account.objects.filter(pk__in=set(ids)).select_related("grant", "brand", "workspace")
    return {account.pk: account for account in found}
