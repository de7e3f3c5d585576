"""Reads of the evergreen stock: its posts as an account sees them, and the slots that take from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.publishing.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Evergreen,
    Series,
    SeriesKind,
    SeriesState,
)
from kitestring.domains.publishing.models.series import STANDING
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.queries.series import AHEAD, series_visible_to
from kitestring.domains.publishing.rules.rotation import Item
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now

# Words that were out long before the longest distance do not matter any more.
LONGEST: Final = timedelta(days=400)


def stock_visible_to(member: Member, brand: Brand) -> QuerySet[Evergreen]:
    """The brand's evergreen posts, the longest in the stock first."""
    found = Evergreen.objects.filter(brand=brand, brand__workspace_id=member.workspace_id)
    return found.select_related("post", "marked_by").order_by("marked_at", "pk")


def evergreen_of(member: Member, post: Post) -> Evergreen | None:
    """The post's place in the stock, if it has one."""
    return Evergreen.objects.filter(post=post, brand__workspace_id=member.workspace_id).first()


def rotation_of(member: Member, account: Account, *, lock: bool = False) -> Series | None:
    """The slots of an account, while they take from the stock. `lock`: held until the transaction ends."""
    found = series_visible_to(member).filter(account=account, kind=SeriesKind.EVERGREEN)
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    return found.filter(state__in=STANDING).first()


def rotations_of_brand(brand: Brand, *, lock: bool = False) -> list[UUID]:
    """For the house itself: the series of the brand that take from its stock. `lock`: held, in one order, until the
    transaction ends.
    """
    found = Series.objects.filter(brand=brand, kind=SeriesKind.EVERGREEN, state__in=STANDING).order_by("pk")
    if lock:
        found = found.select_for_update(no_key=True)
    return list(found.values_list("pk", flat=True))


def rotation_with(delivery: Delivery) -> QuerySet[Series]:
    """For the house itself: the running slots that took a delivery's post from the stock; none for any other delivery."""
    if delivery.series_id is None:
        return Series.objects.none()
    found = Series.objects.filter(pk=delivery.series_id, kind=SeriesKind.EVERGREEN)
    return found.filter(state=SeriesState.RUNNING)


def stock_for(series: Series) -> list[tuple[Evergreen, Item]]:
    """For the house itself: the stock as the series' account sees it, with what is planned there."""
    account = series.account
    found = list(
        Evergreen.objects.filter(brand=series.brand_id).select_related("post").order_by("marked_at", "pk")
    )
    if account is None or not found:
        return []
    posts = [one.post for one in found]
    carried = dict(Variant.objects.filter(post__in=posts, account=account).values_list("post_id", "text"))
    said = {post.pk: carried[post.pk] or post.text for post in posts if post.pk in carried}
    used = _used(account, [post.pk for post in posts], said)
    approved = approved_of(posts) if series.brand.needs_approval else {post.pk for post in posts}
    return [
        (
            one,
            Item(
                one.post_id,
                carried=one.post_id in carried,
                ready=one.post_id in approved,
                good_until=one.good_until,
                used=tuple(used[one.post_id]),
            ),
        )
        for one in found
    ]


def approved_of(posts: Iterable[Post]) -> set[UUID]:
    """Those to whose present words somebody said yes. `posts`: read for a member already."""
    yes = Approval.objects.filter(revision__post__in=posts, state=ApprovalState.APPROVED)
    return set(
        yes.filter(revision__digest=F("revision__post__digest")).values_list("revision__post_id", flat=True)
    )


def _used(account: Account, posts: list[UUID], said: dict[UUID, str]) -> dict[UUID, list[datetime]]:
    """When each post, or its very words, went out on the account or are to."""
    rows = Delivery.objects.filter(account=account, kind=DeliveryKind.VARIANT)
    rows = rows.filter(Q(subject_id__in=posts) | Q(payload__text__in=list(said.values())))
    out = Q(counted_at__gte=now() - LONGEST) | Q(published_at__gte=now() - LONGEST)
    rows = rows.filter(out | Q(state__in=AHEAD))
    same: dict[str, list[UUID]] = defaultdict(list)
    for post, text in said.items():
        same[text].append(post)
    used: dict[UUID, list[datetime]] = defaultdict(list)
    for counted, published, due, subject, text in rows.values_list(
        "counted_at", "published_at", "due_at", "subject_id", "payload__text"
    ):
        for post in {subject, *same.get(text, ())}:
            used[post].append(published or counted or due)
    return used


def last_out_of(member: Member, posts: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each of these posts was published last, on any account."""
    found = visible_to(member).filter(kind=DeliveryKind.VARIANT, subject_id__in=list(posts))
    rows = found.filter(published_at__isnull=False).values_list("subject_id")
    return dict(rows.annotate(at=Max("published_at")))


@dataclass(frozen=True)
class Planned:
    """Anything else that is to go out on an account."""

    at: datetime
    delivery: UUID
    name: str


def others_planned(series: Series) -> list[Planned]:
    """For the house itself: what else is to go out on the series' account."""
    found = Delivery.objects.filter(
        account=series.account, kind=DeliveryKind.VARIANT, state__in=(*AHEAD, DeliveryState.HANDED_OFF)
    )
    rows = found.exclude(series=series).values_list("due_at", "pk", "payload__title", "payload__text")
    return [Planned(at, pk, (title or text or "")[:80]) for at, pk, title, text in rows]


def planned_of(series: Series) -> list[Delivery]:
    """For the house itself: what the series is to send, by hour."""
    found = Delivery.objects.filter(series=series, state__in=AHEAD, due_at__gt=now(), attempts=0)
    return list(found.select_related("revision__post").order_by("due_at", "id"))


def taken_slots(series: Series) -> dict[str, Delivery]:
    """The slots from now on that have a delivery, whatever became of it; by occurrence."""
    today = now().astimezone(series.zone).date().isoformat()
    found = Delivery.objects.filter(series=series, occurrence__gte=today)
    return {one.occurrence: one for one in found.select_related("revision__post")}
