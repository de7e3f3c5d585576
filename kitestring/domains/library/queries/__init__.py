"""Reads of files; each starts from the member who asks."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from kitestring.domains.brands.models import Brand
from kitestring.domains.library.models import Asset, Rendition
from kitestring.domains.workspaces.models import Member


def assets_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Asset]:
    """The workspace's files (of one brand), newest first."""
    assets = Asset.objects.filter(brand__workspace_id=member.workspace_id)
    return (assets if brand is None else assets.filter(brand=brand)).order_by("-added_at", "-id")


def asset_for(member: Member, asset_id: UUID, *, of: UUID | None = None) -> Asset:
    """One file (of the brand with this id). Raises Asset.DoesNotExist outside the workspace, or of another brand."""
    files = assets_visible_to(member)
    return (files if of is None else files.filter(brand_id=of)).get(pk=asset_id)


def pictures_for(member: Member, brand: Brand, words: str = "") -> QuerySet[Asset]:
    """The brand's pictures, newest first; with `words`, those named or described by them."""
    found = assets_visible_to(member, brand).filter(mime__startswith="image/")
    return found.filter(Q(name__icontains=words) | Q(alt__icontains=words)) if words else found


def asset_with(brand: Brand, sha256: str) -> Asset | None:
    return Asset.objects.filter(brand=brand, sha256=sha256).first()


def assets_by_id(ids: list[str]) -> dict[str, Asset]:
    """Files by id as text, for the worker, which sends frozen payloads and asks for no member."""
    return {str(asset.pk): asset for asset in Asset.objects.filter(pk__in=ids)}


def rendition_of(source: str, recipe: str) -> Rendition | None:
    """What was made by this recipe of the content with this sha256."""
    return Rendition.objects.filter(source=source, recipe=recipe).first()


def renditions_of(sources: Collection[str]) -> dict[tuple[str, str], Rendition]:
    """All that was made of these contents, by (content, recipe)."""
    found = Rendition.objects.filter(source__in=sources)
    return {(one.source, one.recipe): one for one in found}


def asset_of_content(source: str) -> Asset | None:
    """Any asset with this content, for who makes a rendition of it: the bytes are the same whosever it is."""
    return Asset.objects.filter(sha256=source).order_by("added_at", "id").first()
