"""Which scheduled posts, accounts and campaigns a changed limit of a channel or an account, or a changed rule, hits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from kitestring.connectorkit.problem import Problem
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.queries.fitting import WAITS, unfit
from kitestring.domains.workspaces.models import Member

MOST: Final = 300


@dataclass(frozen=True)
class Hit:
    """A scheduled delivery whose words or files no longer fit, with what stands in the way.

    `rewritten`: the post says something else by now, which goes out once it is scheduled again.
    """

    delivery: Delivery
    post: Post
    variant: str
    problems: list[Problem]
    rewritten: bool


@dataclass(frozen=True)
class Struck:
    """Who is touched: what no longer fits first; `fitting` deliveries are touched too, and fit. `more`: not looked at."""

    hits: list[Hit]
    fitting: int
    more: int
    accounts: list[Account]
    campaigns: list[str]


def struck_by(
    member: Member, channels: Collection[str] | None, language: str, accounts: Collection[UUID] = ()
) -> Struck:
    """What is scheduled on these channels (None: on any) or accounts, as it was frozen, held against what is known now."""
    rows = visible_to(member).filter(kind=DeliveryKind.VARIANT, state__in=WAITS, revision__isnull=False)
    if channels is not None:
        rows = rows.filter(Q(account__channel__in=list(channels)) | Q(account__in=list(accounts)))
    rows = rows.select_related("account__brand", "revision__post__campaign").order_by("due_at", "id")
    found = list(rows[:MOST])
    errors = unfit(found, language)
    hits, touched, campaigns = [], {}, {}
    for delivery in found:
        if delivery.revision is None:
            continue
        post = delivery.revision.post
        touched[delivery.account_id] = delivery.account
        if post.campaign is not None:
            campaigns[post.campaign_id] = post.campaign.name
        if delivery.pk in errors:
            changed = post.digest != delivery.revision.digest
            variant = _variant(delivery.revision, delivery.account_id)
            hits.append(Hit(delivery, post, variant, errors[delivery.pk], changed))
    more = max(0, rows.count() - MOST) if len(found) == MOST else 0
    return Struck(hits, len(found) - len(hits), more, list(touched.values()), sorted(campaigns.values()))


def _variant(revision: Revision, account_id: UUID) -> str:
    """The id of what was frozen for this account, by which the composer opens its side; the post's where it is not known."""
    frozen = revision.content["variants"].items()
    mine = (key for key, one in frozen if one["account"] == str(account_id))
    return next(mine, str(revision.post_id))
