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
from kitestring.domains.workspaces.models import Member, Workspace
from kitestring.domains.workspaces.queries import lock_workspace
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

WORKSPACE, BRAND, ACCOUNT = "workspace", "brand", "account"
PAUSES: Final = {WORKSPACE: "workspace_paused", BRAND: "brand_paused", ACCOUNT: "account_paused"}
OVERDUE: Final = ("late", "paused_over")


@dataclass(frozen=True)
class Place:
    """Where a switch stands: `kind` is one of `PAUSES`."""

    kind: str
    row: Workspace | Brand | Account
    waits: int = 0

    @property
    def name(self) -> str:
        return self.row.name or (self.row.handle if isinstance(self.row, Account) else "")


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
    """The workspace, and each brand with its accounts; each with how many posts and answers its pause holds now."""
    held: Counter[tuple[str, UUID]] = Counter()
    rows = (
        visible_to(member).select_related(None).filter(state=DeliveryState.HELD, reason__in=PAUSES.values())
    )
    counted = rows.values_list("reason", "account_id", "account__brand_id").annotate(n=Count("pk")).order_by()
    for reason, account_id, brand_id, n in counted:
        of = {PAUSES[WORKSPACE]: member.workspace_id, PAUSES[BRAND]: brand_id, PAUSES[ACCOUNT]: account_id}
        held[reason, of[reason]] += n
    accounts: dict[UUID, list[Place]] = {}
    for one in accounts_of(member):
        accounts.setdefault(one.brand_id, []).append(Place(ACCOUNT, one, held[PAUSES[ACCOUNT], one.pk]))
    brands = [(Place(BRAND, b, held[PAUSES[BRAND], b.pk]), accounts.get(b.pk, [])) for b in brands_of(member)]
    whole = Place(WORKSPACE, member.workspace, held[PAUSES[WORKSPACE], member.workspace_id])
    return whole, brands


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
    held = Q(state=DeliveryState.HELD, reason=PAUSES[where.kind], due_at__lte=now())
    late = Q(
        state=DeliveryState.NEEDS_ATTENTION, reason="late", doubt_since=None, due_at__gte=since - allowed
    )
    return list(within(member, where).filter(free & (held | late)).order_by("due_at", "id"))


def still_asked(member: Member, most: int = 30) -> list[Delivery]:
    """What nobody has decided yet of all that was not sent because its hour had passed; the oldest first."""
    found = visible_to(member).filter(
        state=DeliveryState.NEEDS_ATTENTION, reason__in=OVERDUE, doubt_since=None
    )
    return list(found.order_by("due_at", "id")[:most])
