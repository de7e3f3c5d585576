"""How far posts are: all their deliveries at once, for lists and for the composer's foot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.queries.seen import HAS_YES
from kitestring.domains.workspaces.models import Member


def by_post(member: Member, posts: Collection[UUID]) -> dict[UUID, list[Delivery]]:
    """The posts' deliveries by post, soonest first, each with its `approved`; a post without any is not in it."""
    found: dict[UUID, list[Delivery]] = defaultdict(list)
    rows = visible_to(member).filter(kind=DeliveryKind.VARIANT, revision__post__in=posts)
    for delivery in rows.annotate(approved=HAS_YES).order_by("due_at"):
        if delivery.revision is not None:
            found[delivery.revision.post_id].append(delivery)
    return found
