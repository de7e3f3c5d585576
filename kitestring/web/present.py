"""Who is here: the member, workspace and brand a request speaks for."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from kitestring.domains.brands.models import Brand
from kitestring.domains.brands.queries import Arrival
from kitestring.domains.workspaces.models import Member

WORKSPACE = "workspace"
BRAND = "brand"


def member_of(request: HttpRequest) -> tuple[Member | None, list[Brand]]:
    """The membership chosen in this session, else the oldest one, and its workspace's brands; None for a stranger."""
    found: Arrival | None = getattr(request.user, "arrival", None)
    if found is None or not found.seats:
        return None, []
    chosen = request.session.get(WORKSPACE)
    member = next((m for m in found.seats if str(m.workspace_id) == chosen), found.seats[0])
    return member, found.brands.get(member.workspace_id, [])


def chosen_brand(request: HttpRequest, member: Member | None, brands: list[Brand]) -> Brand | None:
    """The brand chosen in this session, else the first that speaks the member's language, else the first; None when
    there is none yet.
    """
    if member is None or not brands:
        return None
    chosen = request.session.get(BRAND)
    theirs = next((b for b in brands if b.language == member.language), brands[0])
    return next((b for b in brands if str(b.id) == chosen), theirs)


def remember_brand(request: HttpRequest, brand_id: UUID) -> None:
    """Work for this brand in this session; the caller has checked that it is the member's to choose."""
    request.session[BRAND] = str(brand_id)


def remember_workspace(request: HttpRequest, workspace_id: UUID) -> None:
    """Work in this workspace in this session; the caller has checked the membership."""
    request.session[WORKSPACE] = str(workspace_id)
    request.session.pop(BRAND, None)
