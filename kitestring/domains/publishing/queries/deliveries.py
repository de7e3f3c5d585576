"""Reads of deliveries; each starts from the member who asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.rows import rows

# What waits for a person, each with the permission its cure asks for.
NEEDS_YOU: Final = {
    DeliveryState.NEEDS_ATTENTION: "delivery.settle",
    DeliveryState.FAILED: "delivery.settle",
    DeliveryState.UNKNOWN: "delivery.settle",
    DeliveryState.HELD: "delivery.schedule",
    DeliveryState.HANDED_OFF: "delivery.settle",
}
OVER: Final = (DeliveryState.CANCELLED, DeliveryState.WITHDRAWN)
OUT: Final = (
    DeliveryState.PUBLISHED,
    DeliveryState.PARTLY_OUT,
    DeliveryState.SENDING,
    DeliveryState.PROCESSING,
)
# Surely nothing of `d` is out, and nothing of it lies half made on the channel: new words may take its place.
UNSENT: Final = (
    "(d.part = 0 AND (d.attempts = 0 OR d.counted_at IS NULL AND d.doubt_since IS NULL AND d.handle = ''))"
)


def visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Delivery]:
    """The workspace's deliveries (of one brand), each with account, brand and the revision's post.

    Replies are part of conversations: who may not read those does not see them here either.
    """
    found = Delivery.objects.filter(account__workspace_id=member.workspace_id)
    if not may(member, "inbox.read"):
        found = found.exclude(kind=DeliveryKind.REPLY)
    if brand is not None:
        found = found.filter(account__brand=brand)
    return found.select_related(
        "account__brand", "account__workspace", "revision__post__campaign", "made_by", "carried_by"
    )


def delivery_for(member: Member, delivery_id: UUID) -> Delivery:
    """One delivery. Raises Delivery.DoesNotExist outside the workspace."""
    return visible_to(member).get(pk=delivery_id)


def held_still(member: Member, delivery_id: UUID, states: Sequence[str]) -> bool:
    """Lock the row to the end of the transaction, if it is in one of `states` now; True if it is.

    Only a lock looks at the state again after waiting for another's change. An UPDATE through the join to the account
    would act on the state from before it waited: a delivery that a worker claimed meanwhile would be overwritten.
    """
    found = visible_to(member).select_related(None).filter(pk=delivery_id, state__in=states)
    return bool(found.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def unsent(delivery: Delivery) -> bool:
    """Whether new words may take its place: see `UNSENT`. Asked of the row as it is now; lock it first."""
    return bool(rows(f"SELECT 1 FROM publishing_delivery d WHERE d.id = %s AND {UNSENT}", delivery.pk))  # noqa: S608 - our own text


def between(
    member: Member,
    brand: Brand,
    start: datetime,
    end: datetime,
    accounts: Sequence[UUID] = (),
    *,
    kind: str = DeliveryKind.VARIANT,
) -> QuerySet[Delivery]:
    """What is due in [start, end) on the brand's accounts, in order; cancelled ones left out."""
    found = visible_to(member, brand).filter(kind=kind, due_at__gte=start, due_at__lt=end)
    if accounts:
        found = found.filter(account_id__in=accounts)
    return found.exclude(state=DeliveryState.CANCELLED).order_by("due_at", "id")


def needing(member: Member, brand: Brand | None = None) -> QuerySet[Delivery]:
    """What waits for this person: needs attention, refused, unknown, held, handed off; the oldest first.

    A fault that the member may not cure is somebody else's; who may cure none of them gets nothing, unasked. Of a series
    that stands the same way for the same reason many times ahead, the first stands for all.
    """
    theirs = [state for state, permission in NEEDS_YOU.items() if may(member, permission)]
    found = visible_to(member, brand).filter(state__in=theirs)
    earlier = Delivery.objects.filter(
        series=OuterRef("series"),
        account=OuterRef("account"),
        state=OuterRef("state"),
        reason=OuterRef("reason"),
        due_at__lt=OuterRef("due_at"),
    )
    return found.filter(Q(series=None) | ~Exists(earlier)).order_by("due_at", "id")


def of_post(member: Member, post: Post) -> QuerySet[Delivery]:
    """Every delivery of a post's variants, the newest occurrence first."""
    return visible_to(member).filter(revision__post=post).order_by("account_id", "-made_at", "id")


def together_with(member: Member, delivery: Delivery) -> list[Delivery]:
    """This delivery and those of the same post that stand the same way at the same moment: one chip of the calendar."""
    if delivery.revision is None:
        return [delivery]
    found = visible_to(member).filter(
        kind=delivery.kind,
        revision__post_id=delivery.revision.post_id,
        due_at=delivery.due_at,
        state=delivery.state,
    )
    return list(found.order_by("id"))


def beside(member: Member, delivery: Delivery) -> list[Delivery]:
    """The same post on the other accounts, cancelled ones left out; by hour."""
    if delivery.revision is None:
        return []
    found = visible_to(member).filter(kind=delivery.kind, revision__post_id=delivery.revision.post_id)
    found = found.exclude(pk=delivery.pk).exclude(account=delivery.account).filter(series=delivery.series_id)
    if delivery.series_id:
        found = found.filter(occurrence=delivery.occurrence)
    return list(found.exclude(state=DeliveryState.CANCELLED).order_by("due_at", "id")[:12])


def of_duty(member: Member, post_id: UUID, account_id: UUID) -> QuerySet[Delivery]:
    """Every delivery of a post on one account, the newest first, whatever became of the variant meanwhile.

    Those of a series are duties of their own.
    """
    found = visible_to(member).filter(kind=DeliveryKind.VARIANT, subject_id=post_id, account_id=account_id)
    return found.filter(series=None).order_by("-made_at", "-id")


def standing_duty(member: Member, post_id: UUID, account_id: UUID) -> Delivery | None:
    """The delivery of this post on this account that is not over. There is never more than one."""
    return of_duty(member, post_id, account_id).exclude(state__in=OVER).first()


def by_hand(delivery: Delivery) -> bool:
    """It was given out to be published by hand, and nobody said that it was not."""
    asked = delivery.state == DeliveryState.NEEDS_ATTENTION
    return asked and (delivery.reason == "hand_off_late" or delivery.carried_by_id is not None)


def given_up_in_doubt(member: Member, post_id: UUID, account_id: UUID) -> Delivery | None:
    """The delivery of this post on this account that was given up while nobody knew whether it went out."""
    found = of_duty(member, post_id, account_id).filter(state=DeliveryState.CANCELLED)
    return found.filter(doubt_since__isnull=False).first()


def out_on(post_id: UUID) -> list[UUID]:
    """The accounts on which a post is out or on its way, for the house itself: its words there are theirs for good.

    What comes round may come round with other words: each time keeps those it went out with.
    """
    found = Delivery.objects.filter(kind=DeliveryKind.VARIANT, subject_id=post_id, state__in=OUT, series=None)
    return list(found.values_list("account_id", flat=True))


def of_message(member: Member, message_id: UUID) -> QuerySet[Delivery]:
    """The deliveries of a reply's message, the newest first."""
    found = visible_to(member).filter(kind=DeliveryKind.REPLY, subject_id=message_id)
    return found.order_by("-made_at", "-id")


def same_duty(member: Member, like: Delivery) -> Delivery:
    """The row that holds the same duty (kind, subject, account) as `like`: the one that stands, else its occurrence."""
    found = visible_to(member).filter(
        kind=like.kind, subject_id=like.subject_id, account_id=like.account_id, series=None
    )
    return found.exclude(state__in=OVER).first() or found.get(occurrence=like.occurrence)


def going_out(member: Member, brand: Brand | None, start: datetime, end: datetime) -> QuerySet[Delivery]:
    """The posts whose hour lies in [start, end): Today's timeline. Replies are left out."""
    found = visible_to(member, brand).filter(kind=DeliveryKind.VARIANT, due_at__gte=start, due_at__lt=end)
    return found.exclude(state__in=OVER).order_by("due_at", "id")


def published_on(account: Account, since: datetime) -> QuerySet[Delivery]:
    """What is live on an account since a moment, with a remote id: what has comments and figures. The newest first.

    A sequence stands under its head, and does so already when only some of it is out.
    """
    live = Q(state=DeliveryState.PUBLISHED) | Q(part__gt=0) & ~Q(state__in=OVER)
    return (
        Delivery.objects.filter(live, account=account, kind=DeliveryKind.VARIANT, published_at__gte=since)
        .exclude(remote_id="")
        .select_related("account", "revision__post")
        .order_by("-published_at", "-id")
    )


def open_on(account_id: UUID) -> list[Delivery]:
    """For the worker: what the account's channel was given, or may have been, and is not settled."""
    states = (DeliveryState.SENDING, DeliveryState.PROCESSING, DeliveryState.UNKNOWN)
    return list(
        Delivery.objects.filter(account_id=account_id, state__in=states).order_by("due_at", "id")[:500]
    )


def by_id(delivery_id: UUID) -> Delivery | None:
    """One delivery, for the house itself (worker doors). None when it is gone."""
    found = Delivery.objects.filter(pk=delivery_id)
    return found.select_related("account__brand", "account__workspace", "revision__post").first()


def by_ids(delivery_ids: Iterable[UUID]) -> list[Delivery]:
    """Deliveries with their accounts, for the house itself; those that are gone are left out."""
    return list(Delivery.objects.filter(pk__in=list(delivery_ids)).select_related("account"))


def by_remote_id(account: Account, remote_id: str) -> Delivery | None:
    """The delivery that put `remote_id` on this account, be it as a part of it, if it was ours."""
    if not remote_id:
        return None
    head = Delivery.objects.filter(account=account, remote_id=remote_id).first()
    return head or Delivery.objects.filter(parts__account=account, parts__remote_id=remote_id).first()
