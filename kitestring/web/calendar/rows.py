"""The accounts and campaigns every calendar asks for, with the columns it draws; compiled once (`kit.kept`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaigns_between
from kitestring.domains.publishing.models import Series
from kitestring.domains.publishing.queries.series import paused_series
from kitestring.domains.workspaces.models import Member
from kitestring.kit.kept import Kept
from kitestring.ui.marks import account_name

NAME: Final = 60  # letters of a title in a line of several
CAMPAIGN: Final = ("name", "starts_on", "ends_on")


def accounts(member: Member, brand: Brand) -> list[Account]:
    """The brand's connected accounts, oldest first."""
    return _ACCOUNTS((), member.workspace_id, brand.pk)


def campaigns(member: Member, brand: Brand, first: date, last: date) -> list[Campaign]:
    """What touches the days from `first` to `last`."""
    return _CAMPAIGNS((), member.workspace_id, brand.pk, first, last)


class Round(NamedTuple):
    """A recurring post, or an account's evergreen slots, that is paused."""

    name: str
    url: str


def paused_rounds(member: Member, brand: Brand, chosen: Collection[UUID]) -> list[Round]:
    """What comes round and is paused; of slots only those of the accounts that are shown (all when none is chosen)."""
    found = paused_series(member, brand)
    return [_round(one) for one in found if not (chosen and one.account_id) or one.account_id in chosen]


def _round(series: Series) -> Round:
    if series.post is not None:
        words = " ".join((series.post.title or series.post.text).split())
        return Round(_shortened(words) or _("No words yet"), reverse("publishing:series", args=[series.pk]))
    name = account_name(series.account) if series.account else ""
    return Round(_("Evergreen, %(account)s") % {"account": name}, reverse("publishing:evergreen"))


def _shortened(words: str) -> str:
    return words if len(words) <= NAME else words[: NAME - 1].rstrip() + "…"


def _accounts(workspace: UUID, brand: UUID) -> QuerySet[Account]:
    return accounts_of(Member(workspace_id=workspace), Brand(pk=brand))


def _campaigns(workspace: UUID, brand: UUID, first: date, last: date) -> QuerySet[Campaign]:
    found = campaigns_between(Member(workspace_id=workspace), Brand(pk=brand), first, last)
    return found.select_related(None).only(*CAMPAIGN)


_ACCOUNTS: Final = Kept(_accounts)
_CAMPAIGNS: Final = Kept(_campaigns)
