"""Reads of samples; people's reads start from a member, the worker's from what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from kitestring.domains.analytics.models import Sample, Watch
from kitestring.domains.brands.models import Brand
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.workspaces.models import Member


def published(member: Member, brand: Brand | None = None) -> QuerySet[Delivery]:
    """Live posts (not replies), newest first."""
    live = visible_to(member, brand).filter(state=DeliveryState.PUBLISHED, kind=DeliveryKind.VARIANT)
    return live.select_related(
        "account__brand", "account__workspace", "revision__post__campaign", "watch"
    ).order_by("-published_at", "-id")


def published_between(member: Member, brand: Brand, start: datetime, end: datetime) -> QuerySet[Delivery]:
    return published(member, brand).filter(published_at__gte=start, published_at__lt=end)


def published_with(member: Member, delivery: Delivery) -> QuerySet[Delivery]:
    """The same post wherever it went out, the first there first; an answer stands alone."""
    if delivery.revision is None:
        return published(member).filter(pk=delivery.pk)
    return (
        published(member).filter(revision__post_id=delivery.revision.post_id).order_by("published_at", "pk")
    )


def published_of(member: Member, campaign: Campaign) -> QuerySet[Delivery]:
    return published(member).filter(revision__post__campaign=campaign)


def samples_in_order(member: Member, deliveries: Iterable[UUID] | QuerySet[Any, Any]) -> Iterator[Sample]:
    """Every sample of these deliveries of the member's workspace, post by post, oldest first, read in pieces."""
    found = Sample.objects.filter(
        delivery__in=deliveries, delivery__account__workspace_id=member.workspace_id
    )
    found = found.select_related("delivery__account", "delivery__revision__post", "typed_by")
    return found.order_by("-delivery__published_at", "delivery_id", "at", "metric").iterator(chunk_size=2000)


def latest_samples(deliveries: Iterable[Delivery]) -> dict[UUID, dict[str, Sample]]:
    """The newest sample of each metric, by delivery."""
    rows = (
        Sample.objects.filter(delivery__in=[d.pk for d in deliveries])
        .select_related("typed_by")
        .order_by("delivery_id", "metric", "-at")
        .distinct("delivery_id", "metric")
    )
    found: dict[UUID, dict[str, Sample]] = defaultdict(dict)
    for sample in rows:
        found[sample.delivery_id][sample.metric] = sample
    return found


def watches_due(now: datetime, most: int = 500) -> list[Watch]:
    """Readings whose time has come, with their delivery and account."""
    due = Watch.objects.filter(next_at__lte=now).select_related(
        "delivery__account__brand", "delivery__account__workspace"
    )
    return list(due.order_by("next_at", "id")[:most])


def watches_of_account(account_id: UUID, now: datetime, most: int = 100) -> list[Watch]:
    due = Watch.objects.filter(next_at__lte=now, delivery__account_id=account_id).select_related("delivery")
    return list(due.order_by("next_at", "id")[:most])


def keep_new(watches: Iterable[Watch]) -> None:
    """Store those whose delivery has none yet, in one statement."""
    Watch.objects.bulk_create(watches, ignore_conflicts=True)


def unwatched(most: int = 500) -> list[Delivery]:
    """Published posts nobody watches yet: what an emptied job table would have lost."""
    return list(
        Delivery.objects.filter(
            state=DeliveryState.PUBLISHED,
            kind=DeliveryKind.VARIANT,
            watch__isnull=True,
            published_at__isnull=False,
        )
        .exclude(remote_id="")
        .select_related("account")[:most]
    )


class Peer(NamedTuple):
    """A live post as far as comparing needs it: plain columns, for there are many."""

    pk: UUID
    account_id: UUID
    published_at: datetime


def earlier_on_accounts(accounts: set[UUID], since: datetime, most: int = 1000) -> list[Peer]:
    """Live deliveries on these accounts since a moment, newest first: what one is compared with.

    At most `most` of each account, so that an account's usual does not depend on which others are asked for.
    """
    found: list[Peer] = []
    for account in accounts:
        live = Delivery.objects.filter(
            account_id=account,
            state=DeliveryState.PUBLISHED,
            kind=DeliveryKind.VARIANT,
            published_at__gte=since,
        )
        rows = live.order_by("-published_at", "-id").values_list("pk", "account_id", "published_at")[:most]
        found += [Peer(pk, where, at) for pk, where, at in rows if at is not None]
    return sorted(found, key=lambda peer: peer.published_at, reverse=True)
