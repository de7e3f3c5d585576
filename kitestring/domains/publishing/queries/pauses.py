"""What can be paused (the workspace, a brand, an account), what waits for it, and what became due meanwhile."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import brand, brands_of
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account, accounts_of
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.publishing.rules.waiting import too_late
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.domains.workspaces.queries import lock_workspace
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.ui.marks import account_name

WORKSPACE, BRAND, ACCOUNT = "workspace", "brand", "account"
PAUSES: Final = {WORKSPACE: "workspace_paused", BRAND: "brand_paused", ACCOUNT: "account_paused"}
OVERDUE: Final = ("late", "paused_over")
# A row keeps the reason of the pause that caught it first while that lasts, also when another holds it too: any will do.
STOPPED: Final = Q(state=DeliveryState.HELD, reason__in=PAUSES.values())


@dataclass(frozen=True)
class Place:
    """Where a switch stands: `kind` is one of `PAUSES`."""

    kind: str
    row: Workspace | Brand | Account
    waits: int = 0

    @property
    def name(self) -> str:
        return account_name(self.row) if isinstance(self.row, Account) else self.row.name


def place(member: Member, kind: str, row_id: UUID) -> Place:
    """One place of the member's workspace, its row locked to the end of the transaction. Raises Refusal (not_found)."""
    return _place(member, kind, row_id, hold=True)


def place_now(member: Member, kind: str, row_id: UUID) -> Place:
    """The same for reading, with no lock."""
    return _place(member, kind, row_id, hold=False)


def _place(member: Member, kind: str, row_id: UUID, *, hold: bool) -> Place:
    if kind == WORKSPACE and row_id == member.workspace_id:
        return Place(kind, lock_workspace(member) if hold else member.workspace)
    if kind == BRAND:
        return Place(kind, brand(member, row_id, hold=hold))
    if kind == ACCOUNT:
        return Place(kind, account(member, row_id, hold=hold))
    raise Refusal(_("This is not here (any more)."), reason="not_found")


def switches(member: Member) -> tuple[Place, list[tuple[Place, list[Place]]]]:
    """The workspace, and each brand with its accounts; each with how many posts and answers its pause holds now.

    What two of them hold is counted with both. One that is not paused holds nothing.
    """
    held: Counter[UUID] = Counter()
    rows = visible_to(member).select_related(None).filter(STOPPED).order_by()
    counted = rows.values_list("account_id", "account__brand_id").annotate(n=Count("pk"))
    for account_id, brand_id, n in counted:
        held.update({member.workspace_id: n, brand_id: n, account_id: n})
    accounts: dict[UUID, list[Place]] = {}
    for one in accounts_of(member):
        accounts.setdefault(one.brand_id, []).append(_switch(ACCOUNT, one, held))
    brands = [(_switch(BRAND, b, held), accounts.get(b.pk, [])) for b in brands_of(member)]
    whole = _switch(WORKSPACE, member.workspace, held)
    return whole, brands


def _switch(kind: str, row: Workspace | Brand | Account, held: Counter[UUID]) -> Place:
    return Place(kind, row, held[row.pk] if row.paused_at else 0)


def within(member: Member, where: Place) -> QuerySet[Delivery]:
    """The deliveries of a place."""
    found = visible_to(member)
    if where.kind == BRAND:
        return found.filter(account__brand_id=where.row.pk)
    return found.filter(account_id=where.row.pk) if where.kind == ACCOUNT else found


def overdue(member: Member, where: Place) -> list[Delivery]:
    """What became due while this place was paused and would go out once it is not; soonest due first.

    Held and still within its tolerance, or told late already. What another switch holds as well is left out.
    """
    since = where.row.paused_at
    if since is None:
        return []
    free = {
        WORKSPACE: Q(account__paused_at=None, account__brand__paused_at=None),
        BRAND: Q(account__paused_at=None, account__workspace__paused_at=None),
        ACCOUNT: Q(account__brand__paused_at=None, account__workspace__paused_at=None),
    }[where.kind]
    allowed = ExpressionWrapper(F("tolerance") * Value(timedelta(seconds=1)), output_field=DurationField())
    held = STOPPED & Q(due_at__lte=now())
    late = Q(
        state=DeliveryState.NEEDS_ATTENTION, reason="late", doubt_since=None, due_at__gte=since - allowed
    )
    return list(within(member, where).filter(free & (held | late)).order_by("due_at", "id"))


def stopped_midway(member: Member, where: Place, *, late_too: bool) -> list[Delivery]:
    """The sequences that this pause stopped in their middle, while their rest is still in time (or `late_too`)."""
    found = within(member, where).filter(
        state=DeliveryState.NEEDS_ATTENTION, part__gt=0, reason__in=PAUSES.values(), doubt_since=None
    )
    return [one for one in found if late_too or not _rest_is_late(one)]


def _rest_is_late(delivery: Delivery) -> bool:
    since = delivery.part_since or delivery.due_at
    return too_late(since, now(), delivery.tolerance)


def still_asked(member: Member, most: int = 30) -> list[Delivery]:
    """What nobody has decided yet of all that was not sent because its hour had passed; the oldest first."""
    return list(all_still_asked(member)[:most])


def all_still_asked(member: Member) -> QuerySet[Delivery]:
    """All of it, in the same order."""
    found = visible_to(member).filter(
        state=DeliveryState.NEEDS_ATTENTION, reason__in=OVERDUE, doubt_since=None
    )
    return found.order_by("due_at", "id")
