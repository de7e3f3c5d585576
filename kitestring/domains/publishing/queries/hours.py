"""When posts go out next: one question for a page of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, Max, Min, Q, Value, When

from kitestring.domains.channels.models import AccountState
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.rules.late_yes import ARCHIVED, DISCONNECTED, EXPIRED, PAUSED, late_yes
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now

WAITING: Final = (DeliveryState.SCHEDULED, DeliveryState.HELD)
# What a yes brings back to the line, wherever its hour lies (`actions/adopt_revision.py`).
FOR_A_YES: Final = ("not_approved", "approval_void")
PUT_OFF: Final = (*FOR_A_YES, "late")
ASKED: Final = Q(state=DeliveryState.NEEDS_ATTENTION, reason__in=PUT_OFF, part=0, doubt_since=None)
COMES: Final = Q(state=DeliveryState.SCHEDULED) | Q(state=DeliveryState.HELD, reason="approval_void") | ASKED
UNPAUSED: Final = Q(
    account__paused_at=None, account__brand__paused_at=None, account__workspace__paused_at=None
)
# What keeps it back whatever the hour and the yes, in the order in which the due hour asks (`models/judging.py`).
STOP: Final = Case(
    When(~UNPAUSED, then=Value(PAUSED)),
    When(account__state=AccountState.EXPIRED, then=Value(EXPIRED)),
    When(account__brand__archived_at__isnull=False, then=Value(ARCHIVED)),
    When(~Q(account__state=AccountState.CONNECTED), then=Value(DISCONNECTED)),
    default=Value(""),
)
MAY_LEAVE_UNTIL: Final = ExpressionWrapper(F("tolerance") * Value(timedelta(seconds=1)), DurationField()) + F(
    "due_at"
)


class Hour(NamedTuple):
    """The soonest hour a post is owed at, and on how many accounts it still has to go out.

    `late`: that hour has passed, and what a yes would do now.
    """

    at: datetime
    accounts: int
    late: str = ""


def next_hours(member: Member, posts: Iterable[UUID]) -> dict[UUID, Hour]:
    """By post that waits for a yes; a post that nothing is scheduled for is not in it."""
    moment = now()
    late = COMES & Q(due_at__lte=moment, series=None)
    rows = Delivery.objects.filter(
        Q(state__in=WAITING) | ASKED,
        account__workspace_id=member.workspace_id,
        kind=DeliveryKind.VARIANT,
        revision__post_id__in=list(posts),
    )
    found = (
        rows.alias(stops=STOP)
        .values_list("revision__post_id")
        .annotate(
            at=Min("due_at"),
            n=Count("account", distinct=True),
            was=Min("due_at", filter=late),
            until=Max(MAY_LEAVE_UNTIL, filter=late & Q(stops="")),
            stop=Max("stops", filter=late),
        )
    )
    return {
        post: Hour(at, n, late_yes(was, until, moment, stop=stop) if was else "")
        for post, at, n, was, until, stop in found
        if post is not None
    }


def late_yes_of(deliveries: Iterable[Delivery], moment: datetime) -> str:
    """The same of one post's deliveries, each with its account, by the brand's clock; "" where no yes comes late."""
    late = [d for d in deliveries if d.series_id is None and d.due_at <= moment and _waits_for_yes(d)]
    if not late:
        return ""
    stops = [_stop(d) for d in late]
    until = [
        d.due_at + timedelta(seconds=d.tolerance) for d, stop in zip(late, stops, strict=True) if not stop
    ]
    return late_yes(
        min(d.due_at for d in late),
        max(until, default=None),
        moment,
        late[0].account.brand.zone,
        stop=max(stops),
    )


def _waits_for_yes(delivery: Delivery) -> bool:
    """The delivery comes from a query that annotates `approved`."""
    if not delivery.needs_approval or not delivery.account.brand.needs_approval or delivery.part:
        return False
    if delivery.state == DeliveryState.SCHEDULED:
        return not getattr(delivery, "approved", False)
    if delivery.state == DeliveryState.HELD:
        return delivery.reason == "approval_void"
    asked = delivery.state == DeliveryState.NEEDS_ATTENTION and delivery.doubt_since is None
    return asked and delivery.reason in PUT_OFF and not getattr(delivery, "approved", False)


def _stop(delivery: Delivery) -> str:
    """The same as `STOP`."""
    account = delivery.account
    if any(one.paused_at is not None for one in (account, account.brand, account.workspace)):
        return PAUSED
    if account.state == AccountState.EXPIRED:
        return EXPIRED
    if account.brand.archived_at is not None:
        return ARCHIVED
    return "" if account.state == AccountState.CONNECTED else DISCONNECTED
