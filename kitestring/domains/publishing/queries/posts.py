"""How far posts are: all their deliveries at once, for lists and for the composer's foot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db.models import Case, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.fields.json import KeyTransform

from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.queries.seen import HAS_YES
from kitestring.domains.publishing.rules.seen import LOUDEST
from kitestring.domains.workspaces.models import Member

# `rules.sequence.left_in_doubt`: it ended while nobody knew of one part.
LEFT_IN_DOUBT: Final = Q(
    state__in=["published", "withdrawn"],
    doubt_since__isnull=False,
    part__gt=0,
    part__lt=Func(
        KeyTransform("parts", "payload"), function="jsonb_array_length", output_field=IntegerField()
    ),
)
# What `queries.seen` says of one delivery and of several, for the database: the place in LOUDEST, the smallest wins.
PLACE: Final = Case(
    When(
        Q(state="scheduled", needs_approval=True, account__brand__needs_approval=True) & ~Q(HAS_YES),
        then=LOUDEST.index("approval"),
    ),
    When(LEFT_IN_DOUBT, then=LOUDEST.index("unknown")),
    When(Q(state="published", doubt_since__isnull=False), then=LOUDEST.index("settled")),
    *(When(state=state, then=place) for place, state in enumerate(LOUDEST)),
    default=len(LOUDEST),
)


def standing_as(posts: QuerySet[Post], state: str) -> QuerySet[Post]:
    """Those of the posts that a list shows in this state. What has no delivery is a draft."""
    its = Delivery.objects.filter(kind=DeliveryKind.VARIANT, revision__post=OuterRef("pk"))
    loudest = Subquery(its.annotate(place=PLACE).order_by("place").values("place")[:1])
    found = Q(loudest=LOUDEST.index(state))
    if state == "draft":
        found |= Q(loudest=None)
    return posts.annotate(loudest=loudest).filter(found)


def by_post(member: Member, posts: Collection[UUID]) -> dict[UUID, list[Delivery]]:
    """The posts' deliveries by post, soonest first, each with its `approved`; a post without any is not in it."""
    found: dict[UUID, list[Delivery]] = defaultdict(list)
    rows = visible_to(member).filter(kind=DeliveryKind.VARIANT, revision__post__in=posts)
    for delivery in rows.annotate(approved=HAS_YES).order_by("due_at", "id"):
        if delivery.revision is not None:
            found[delivery.revision.post_id].append(delivery)
    return found
