"""Reads of brands."""

from __future__ import annotations

from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member


def brands_of(member: Member) -> list[Brand]:
    """The brands of the member's workspace, oldest first."""
    return list(
        Brand.objects.filter(workspace_id=member.workspace_id, archived_at=None).order_by("created_at")
    )
