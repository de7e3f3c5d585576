"""The accounts and campaigns every calendar asks for, with the columns it draws; compiled once (`kit.kept`)."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaigns_between
from kitestring.domains.workspaces.models import Member
from kitestring.kit.kept import Kept

CAMPAIGN: Final = ("name", "starts_on", "ends_on")


def accounts(member: Member, brand: Brand) -> list[Account]:
    """The brand's connected accounts, oldest first."""
    return _ACCOUNTS((), member.workspace_id, brand.pk)


def campaigns(member: Member, brand: Brand, first: date, last: date) -> list[Campaign]:
    """What touches the days from `first` to `last`."""
    return _CAMPAIGNS((), member.workspace_id, brand.pk, first, last)


def _accounts(workspace: UUID, brand: UUID) -> QuerySet[Account]:
    return accounts_of(Member(workspace_id=workspace), Brand(pk=brand))


def _campaigns(workspace: UUID, brand: UUID, first: date, last: date) -> QuerySet[Campaign]:
    found = campaigns_between(Member(workspace_id=workspace), Brand(pk=brand), first, last)
    return found.select_related(None).only(*CAMPAIGN)


_ACCOUNTS: Final = Kept(_accounts)
_CAMPAIGNS: Final = Kept(_campaigns)
