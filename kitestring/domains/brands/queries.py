"""Reads of brands; every one starts from a member."""

from __future__ import annotations

from uuid import UUID

from django.db import DataError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal
from kitestring.kit.rows import objects, rows


def brands_of(member: Member) -> list[Brand]:
    """The brands of the member's workspace, oldest first."""
    found = objects(
        "SELECT {b} FROM brands_brand b WHERE b.workspace_id = %s AND b.archived_at IS NULL ORDER BY b.created_at",
        member.workspace_id,
        b=Brand,
    )
    return [brand for (brand,) in found]


def archived_brands(member: Member) -> list[Brand]:
    """Brands put aside, latest first."""
    rows = Brand.objects.filter(workspace_id=member.workspace_id, archived_at__isnull=False)
    return list(rows.order_by("-archived_at"))


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
