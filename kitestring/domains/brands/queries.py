"""Reads of brands; every one starts from a member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import DataError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member, User, Workspace
from kitestring.kit.refusals import Refusal
from kitestring.kit.rows import objects, rows

ARRIVAL: Final = """
SELECT {u}, {m}, {w}, {b} FROM workspaces_user u
LEFT JOIN workspaces_member m ON m.user_id = u.id AND m.left_at IS NULL
LEFT JOIN workspaces_workspace w ON w.id = m.workspace_id
LEFT JOIN brands_brand b ON b.workspace_id = w.id AND b.archived_at IS NULL
WHERE u.id = %s AND u.is_active ORDER BY m.joined_at, m.id, b.created_at, b.id
"""


@dataclass(frozen=True)
class Arrival:
    """Who opens a page: the person, their seats with their workspaces, oldest first, and each workspace's brands."""

    person: User
    seats: tuple[Member, ...]
    brands: dict[UUID, list[Brand]]


def arrival(user_id: object) -> Arrival | None:
    """The person with this key who may still sign in, in one statement: every page begins with it."""
    found = objects(ARRIVAL, user_id, u=User, m=Member, w=Workspace, b=Brand)
    if not found:
        return None
    person: User = found[0][0]
    seats: dict[UUID, Member] = {}
    brands: dict[UUID, list[Brand]] = {}
    for _same, member, workspace, brand in found:
        if member.pk is None:
            continue
        if member.pk not in seats:
            member.workspace, member.user = workspace, person
            seats[member.pk] = member
        if brand.pk is not None:
            brands.setdefault(workspace.pk, []).append(brand)
    return Arrival(person, tuple(seats.values()), brands)


def brands_of(member: Member) -> list[Brand]:
    """The brands of the member's workspace, oldest first."""
    found = objects(
        "SELECT {b} FROM brands_brand b WHERE b.workspace_id = %s AND b.archived_at IS NULL ORDER BY b.created_at, b.id",
        member.workspace_id,
        b=Brand,
    )
    return [brand for (brand,) in found]


def archived_brands(member: Member) -> list[Brand]:
    """Brands put aside, latest first."""
    rows = Brand.objects.filter(workspace_id=member.workspace_id, archived_at__isnull=False)
    return list(rows.order_by("-archived_at", "-id"))


def brand_named(member: Member, name: str, *, besides: UUID | None = None) -> Brand | None:
    """A brand of the workspace by its name in any letters, other than `besides`."""
    rows = Brand.objects.filter(workspace_id=member.workspace_id, name__iexact=name)
    return (rows.exclude(pk=besides) if besides else rows).first()


def database_knows(zone: str) -> bool:
    """Whether PostgreSQL knows a time zone too. An older one may not, and days are counted there."""
    try:
        with transaction.atomic():
            return bool(rows("SELECT ks_now() AT TIME ZONE %s", zone))
    except DataError:
        return False


def brand(member: Member, brand_id: UUID | str, *, hold: bool = False) -> Brand:
    """One brand of the member's workspace, archived or not. Raises Refusal (not_found)."""
    rows = Brand.objects.filter(workspace_id=member.workspace_id)
    if hold:
        rows = rows.select_for_update()
    found = rows.filter(pk=brand_id).first()
    if found is None:
        raise Refusal(_("This brand is not here (any more)."), reason="not_found")
    return found
