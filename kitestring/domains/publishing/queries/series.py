"""Reads of series: what comes round, what is made of it, and what the worker has to look at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.composing.models import Post, Revision, Variant
from kitestring.domains.publishing.models import (
    Delivery,
    DeliveryKind,
    DeliveryState,
    Series,
    SeriesKind,
    SeriesState,
)
from kitestring.domains.publishing.models.series import STANDING
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.rules.frozen import frozen_for
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.kept import Kept

AHEAD: Final = (DeliveryState.SCHEDULED, DeliveryState.HELD)
MOST_AT_ONCE: Final = 50
# Half a sentence that was saved by itself is nothing to send: slots follow words once nobody has written on for so long.
REST: Final = timedelta(seconds=30)
# Slots are looked at every hour anyway: what was saved longer ago needs no search, and few posts are younger.
NEW: Final = timedelta(hours=2)


def series_visible_to(member: Member) -> QuerySet[Series]:
    """The workspace's series, each with post, account and brand."""
    found = Series.objects.filter(brand__workspace_id=member.workspace_id)
    return found.select_related("brand__workspace", "post__brand", "account", "revision", "made_by")


def series_for(member: Member, series_id: UUID, *, lock: bool = False) -> Series:
    """One series. `lock`: held until the transaction ends. Raises Series.DoesNotExist outside the workspace."""
    found = series_visible_to(member)
    if lock:
        found = found.select_for_update(of=("self",), no_key=True)
    return found.get(pk=series_id)


def standing_series(member: Member, post: Post) -> Series | None:
    """The series by which a post recurs now, running or paused. There is never more than one."""
    return series_visible_to(member).filter(post=post, kind=SeriesKind.RECURRING, state__in=STANDING).first()


def paused_series(member: Member, brand: Brand) -> list[Series]:
    """What comes round for a brand and is paused: nothing of it stands on the calendar. The longest paused first."""
    return _PAUSED((), member.workspace_id, brand.pk)


def _paused(workspace: UUID, brand: UUID) -> QuerySet[Series]:
    found = series_visible_to(Member(workspace_id=workspace)).filter(brand=brand, state=SeriesState.PAUSED)
    return found.select_related(None).select_related("post", "account").order_by("changed_at", "id")


_PAUSED: Final = Kept(_paused)


def last_series(member: Member, post: Post) -> Series | None:
    """The series by which a post recurs, or did last."""
    found = series_visible_to(member).filter(post=post, kind=SeriesKind.RECURRING)
    return found.filter(state__in=STANDING).first() or found.order_by("-made_at", "-id").first()


def coming(member: Member, series: Series) -> QuerySet[Delivery]:
    """What is made and still to go out, by hour."""
    found = visible_to(member).filter(series=series, due_at__gt=now())
    return found.exclude(state__in=(DeliveryState.CANCELLED, DeliveryState.WITHDRAWN)).order_by(
        "due_at", "account_id", "id"
    )


def gone(member: Member, series: Series) -> QuerySet[Delivery]:
    """What became of those whose hour has come, the newest first; and what was skipped ahead."""
    found = visible_to(member).filter(series=series)
    over = Q(due_at__lte=now()) | Q(state__in=(DeliveryState.CANCELLED, DeliveryState.WITHDRAWN))
    return found.filter(over).order_by("-due_at", "account_id", "id")


def series_to_look_at() -> list[UUID]:
    """The series whose next deliveries come into sight, for the worker, those longest due first; then the slots whose stock
    has other words than when they were filled.
    """
    running = Series.objects.filter(state=SeriesState.RUNNING, brand__archived_at=None)
    due = running.filter(look_at__lte=now()).order_by("look_at", "id").values_list("pk", flat=True)
    reworded = running.filter(
        kind=SeriesKind.EVERGREEN,
        brand__evergreens__post__saved_at__range=(now() - NEW, now() - REST),
        brand__evergreens__post__saved_at__gt=F("made_to") - REST,
    )
    found = [*due[:MOST_AT_ONCE], *reworded.order_by("id").values_list("pk", flat=True).distinct()]
    return list(dict.fromkeys(found))[:MOST_AT_ONCE]


def running_of_post(post_id: UUID) -> list[UUID]:
    """The series that have something to do with a post, for the worker: its own, and those it is in the stock of."""
    own = Q(post_id=post_id, kind=SeriesKind.RECURRING)
    stock = Q(kind=SeriesKind.EVERGREEN, brand__evergreens__post_id=post_id)
    found = Series.objects.filter(own | stock, state=SeriesState.RUNNING)
    return list(found.values_list("pk", flat=True).distinct())


def held_series(series_id: UUID) -> Series | None:
    """The series, locked, for the worker; None when it is gone or another worker has it this moment."""
    found = Series.objects.select_related("brand", "post", "account", "revision")
    return found.select_for_update(of=("self",), no_key=True, skip_locked=True).filter(pk=series_id).first()


def hold_series(keys: Iterable[UUID]) -> None:
    """Lock these to the end of the transaction, in one order."""
    found = Series.objects.filter(pk__in=set(keys)).order_by("pk").select_for_update(no_key=True)
    list(found.values_list("pk", flat=True))


def approved_as_it_stands(post: Post) -> Revision | None:
    """The revision with the post's present words, where somebody said yes to it."""
    yes = Approval.objects.filter(
        revision__post=post, revision__digest=post.digest, state=ApprovalState.APPROVED
    )
    found = yes.select_related("revision").first()
    return found.revision if found else None


def carried_by_revision(revision: Revision) -> list[tuple[Account, dict[str, object]]]:
    """The accounts a frozen post goes to, each with its payload: those still on the post and connected."""
    found = Variant.objects.filter(post_id=revision.post_id).select_related("account").order_by("id")
    connected = [v.account for v in found if v.account.state != AccountState.DISCONNECTED]
    pairs = [(account, frozen_for(revision.content, account.pk)) for account in connected]
    return [(account, frozen) for account, frozen in pairs if frozen is not None]


def last_out(post_id: UUID) -> datetime | None:
    """When a post went out last, or may have, on any account, by whichever delivery."""
    found = Delivery.objects.filter(kind=DeliveryKind.VARIANT, subject_id=post_id)
    times = found.aggregate(counted=Max("counted_at"), published=Max("published_at"))
    return max((at for at in times.values() if at is not None), default=None)


def series_of(delivery: Delivery) -> Series | None:
    """The series a delivery is one time of, as it stands now, for the house itself."""
    if delivery.series_id is None:
        return None
    return Series.objects.select_related("brand").get(pk=delivery.series_id)


def series_with(post: Post, account: Account) -> list[Series]:
    """The series that still have something of a locked post to send on an account."""
    ahead = Delivery.objects.filter(
        subject_id=post.pk, account=account, state__in=AHEAD, series__isnull=False
    )
    return list(Series.objects.filter(pk__in=ahead.values("series")))


def made_of(series: Series, since: str) -> set[tuple[UUID, str]]:
    """(account, occurrence) of what is made already, from an occurrence on."""
    found = Delivery.objects.filter(series=series, occurrence__gte=since)
    return set(found.values_list("account_id", "occurrence"))


def days_over(series: Series) -> set[tuple[UUID, date]]:
    """(account, day) of the times that have had their turn, or whose turn a person skipped: whichever hour another rule names
    on such a day, it owes nothing there any more. What is out may have stood for a later day: it was moved.
    """
    found = Delivery.objects.filter(series=series, occurrence__gte=_yesterday(series))
    tried = Q(counted_at__isnull=False) | Q(published_at__isnull=False) | Q(doubt_since__isnull=False)
    waits = Q(state__in=AHEAD, attempts=0, due_at__gt=now())
    over = tried | ~Q(state=DeliveryState.CANCELLED) & ~waits | Q(reason="skipped", due_at__lte=now())
    rows = found.filter(over).values_list("account_id", "occurrence")
    return {(account, datetime.fromisoformat(name).date()) for account, name in rows}


def _yesterday(series: Series) -> str:
    """As occurrences are named: no day before this one is made any more, wherever the clocks are."""
    return (now().astimezone(series.zone) - timedelta(days=2)).date().isoformat()


def moments_near(delivery: Delivery, series: Series) -> Iterable[tuple[datetime, bool]]:
    """When others of the same series, or of the same post, went out or go out on its account; True: it is the same post."""
    rows = Delivery.objects.filter(account_id=delivery.account_id, kind=DeliveryKind.VARIANT)
    rows = rows.filter(Q(series=series) | Q(subject_id=delivery.subject_id)).exclude(pk=delivery.pk)
    out = Q(counted_at__isnull=False) | Q(published_at__isnull=False)
    found = rows.filter(out | Q(state__in=AHEAD, due_at__gt=now()))
    for counted, published, due, subject in found.values_list(
        "counted_at", "published_at", "due_at", "subject_id"
    ):
        yield counted or published or due, subject == delivery.subject_id


def others_near(delivery: Delivery, due_at: datetime) -> Iterable[datetime]:
    """When any other post went out, or is planned by a person, within the account's own distance of that hour."""
    reach = timedelta(seconds=delivery.account.apart)
    if not reach:
        return
    rows = Delivery.objects.filter(account_id=delivery.account_id, kind=DeliveryKind.VARIANT).exclude(
        pk=delivery.pk
    )
    near = (due_at - reach, due_at + reach)
    planned = Q(series=None, state__in=[*AHEAD, "handed_off"], due_at__range=near)
    for counted, published, due in rows.filter(
        planned | Q(counted_at__range=near) | Q(published_at__range=near)
    ).values_list("counted_at", "published_at", "due_at"):
        yield counted or published or due


def words_differ(series: Series) -> bool:
    """Whether the post says something else by now than what the series sends."""
    post, revision = series.post, series.revision
    return post is not None and revision is not None and post.digest != revision.digest


def times_ahead(series: Series) -> QuerySet[Delivery]:
    """For the house itself: what the series is still to send and nothing of which was tried."""
    return Delivery.objects.filter(series=series, state__in=AHEAD, attempts=0, due_at__gt=now())


def time_of(series: Series, pk: UUID) -> QuerySet[Delivery]:
    """This one of its times."""
    return Delivery.objects.filter(series=series, pk=pk)


def skipped_ahead(series: Series) -> QuerySet[Delivery]:
    """For the house itself: the times to come that a person skipped."""
    return Delivery.objects.filter(
        series=series, state=DeliveryState.CANCELLED, reason="skipped", due_at__gt=now()
    )
