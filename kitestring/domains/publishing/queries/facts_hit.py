"""Which scheduled posts, accounts and campaigns a changed fact of a channel, or a changed rule, hits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from kitestring.connectorkit.problem import Problem
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.workspaces.models import Member

WAITS: Final = (DeliveryState.SCHEDULED, DeliveryState.HELD, DeliveryState.HANDED_OFF)
MOST: Final = 300


@dataclass(frozen=True)
class Hit:
    """A scheduled delivery whose words or files no longer fit, with what stands in the way."""

    delivery: Delivery
    post: Post
    variant: UUID
    problems: list[Problem]


@dataclass(frozen=True)
class Struck:
    """Who is touched: what no longer fits first; `fitting` deliveries are touched too, and fit. `more`: not looked at."""

    hits: list[Hit]
    fitting: int
    more: int
    accounts: list[Account]
    campaigns: list[str]


def struck_by(member: Member, channels: Collection[str] | None, language: str) -> Struck:
    """What is scheduled on these channels (None: on any), held against what is known now."""
    rows = visible_to(member).filter(kind=DeliveryKind.VARIANT, state__in=WAITS, revision__isnull=False)
    if channels is not None:
        rows = rows.filter(account__channel__in=list(channels))
    rows = rows.select_related("account__brand", "revision__post__campaign").order_by("due_at", "id")
    found = list(rows[:MOST])
    troubles: dict[UUID, dict[UUID, tuple[UUID, list[Problem]]]] = {}
    hits, accounts, campaigns = [], {}, {}
    for delivery in found:
        if delivery.revision is None:
            continue
        post = delivery.revision.post
        accounts[delivery.account_id] = delivery.account
        if post.campaign is not None:
            campaigns[post.campaign_id] = post.campaign.name
        if post.pk not in troubles:
            troubles[post.pk] = _errors(post, language)
        variant, problems = troubles[post.pk].get(delivery.account_id, (post.pk, []))
        if problems:
            hits.append(Hit(delivery, post, variant, problems))
    more = max(0, rows.count() - MOST) if len(found) == MOST else 0
    return Struck(hits, len(found) - len(hits), more, list(accounts.values()), sorted(campaigns.values()))


def _errors(post: Post, language: str) -> dict[UUID, tuple[UUID, list[Problem]]]:
    """By account: its variant, and what stands in the way there."""
    return {
        side.variant.account_id: (side.variant.pk, [p for p in side.problems if p.severity == "error"])
        for side in sides_of(post, language)
    }
