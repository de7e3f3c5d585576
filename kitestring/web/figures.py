"""The figures beside the places in the rail: one cheap question each."""

from __future__ import annotations

from typing import Final

from kitestring.domains.brands.models import Brand
from kitestring.domains.inbox.queries import owed_count
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may

MOST: Final = 100


def figures(member: Member, brand: Brand | None) -> dict[str, int]:
    """By the key of the place; a place without a figure is not in it. Counted up to `MOST`.

    A figure is what the member owes: who may read the inbox and answers nobody has none.
    """
    if brand is None or not may(member, "inbox.reply"):
        return {}
    return {"inbox": owed_count(member, brand, most=MOST)}


def said(count: int) -> str:
    """The figure as it is shown everywhere; what is not counted to its end says so."""
    return f"{MOST - 1}+" if count >= MOST else str(count or "")
