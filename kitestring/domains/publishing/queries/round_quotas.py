"""What a rule would find of the quotas: how many of its next times have no place on an account. Nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kitestring.connectorkit.manifest import Manifest, PublishKind, Quota
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import variants_of
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.quotas import use_of
from kitestring.domains.publishing.rules.periods import quotas_for, window_of
from kitestring.domains.publishing.rules.telling import manifest_of

MOST: Final = 12  # times that are looked at


@dataclass(frozen=True)
class Short:
    """Of `of` times on the account `count` find no place in the quota; the first of them is `first`."""

    account: Account
    kind: PublishKind
    quota: Quota
    count: int
    of: int
    first: datetime


def short_of_places(post: Post, moments: Sequence[datetime], standing: Series | None) -> list[Short]:
    """Each quota of each account that some of `moments` have no place in. What `standing` has planned does not count."""
    own = set(Delivery.objects.filter(series=standing).values_list("pk", flat=True)) if standing else set()
    found = []
    for variant in variants_of(post):
        account = variant.account
        account.brand = post.brand
        manifest = manifest_of(account.channel)
        if manifest is None:
            continue
        for quota in quotas_for(manifest, account.account_type, variant.kind):
            without = _without(account, quota, manifest, moments, own)
            if without:
                kind = manifest.kind(variant.kind)
                found.append(Short(account, kind, quota, len(without), len(moments), without[0]))
    return found


def _without(
    account: Account, quota: Quota, manifest: Manifest, moments: Sequence[datetime], own: set[UUID]
) -> list[datetime]:
    """In order: whoever finds a place takes it from those that come after."""
    placed: list[datetime] = []
    without: list[datetime] = []
    for moment in moments:
        use = use_of(account, quota, manifest, moment, ahead=True)
        start, end = window_of(quota.window, moment, use.zone)
        others = sum(1 for place in use.places if place.delivery not in own)
        mine = sum(1 for one in placed if start <= one < end)
        (without if others + mine >= quota.limit else placed).append(moment)
    return without
