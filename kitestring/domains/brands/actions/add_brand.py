"""Adds a brand to the workspace."""

from __future__ import annotations

from typing import Unpack

from django.db import transaction

from kitestring.domains.brands.actions.write import Wanted, checked
from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.rules import usual_markets
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.domains.workspaces.queries import lock_workspace


@transaction.atomic
def add_brand(member: Member, **wanted: Unpack[Wanted]) -> Brand:
    """`name` is needed; the rest has the model's defaults. Raises Refusal with its field."""
    require(member, "brand.change")
    lock_workspace(member)
    clean = checked(member, Wanted(**{"name": "", **wanted}))
    brand = Brand(workspace_id=member.workspace_id, **clean)
    if brand.markets == usual_markets(brand.language, brand.timezone):
        brand.markets = None
    brand.save(force_insert=True)
    record(member, "brand.add", brand, after=clean)
    return brand
