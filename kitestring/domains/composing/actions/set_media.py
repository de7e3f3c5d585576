"""Says which files the source, or one variant, carries: in order, with alternative text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from kitestring.domains.composing.actions._kinds import fit_kinds
from kitestring.domains.composing.actions._out import keep_out, refuse_out
from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.actions.save_post import refuse_older
from kitestring.domains.composing.models import Post, PostAsset, Variant, VariantAsset
from kitestring.domains.composing.queries import post_for, variant_for
from kitestring.domains.library.queries import asset_for
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.text import clean


@transaction.atomic
def set_post_media(
    member: Member, post_id: UUID, files: Sequence[tuple[UUID, str]], version: int, tab: str = ""
) -> Post:
    """Replace the source's files with `files`: (asset id, alternative text), in order; kinds follow where only one fits."""
    require(member, "post.write")
    post = post_for(member, post_id, lock=True)
    refuse_older(post, version, member, tab)
    keep_out(post, "media", files=True)
    before = _told(post.assets.select_related("asset"))
    post.assets.all().delete()
    for position, (asset_id, alt) in enumerate(files):
        asset = asset_for(member, asset_id, of=post.brand_id)
        PostAsset(post=post, asset=asset, position=position, alt=clean(alt)).save(force_insert=True)
    _record(member, post, before, _told(post.assets.select_related("asset")))
    fit_kinds(post, member)
    return touch(post, member, tab)


@transaction.atomic
def set_variant_media(
    member: Member, variant_id: UUID, files: Sequence[tuple[UUID, str]] | None, version: int, tab: str = ""
) -> Variant:
    """Give the variant its own files; None: the source's again."""
    require(member, "post.write")
    variant = variant_for(member, variant_id)
    post = post_for(member, variant.post_id, lock=True)
    refuse_older(post, version, member, tab)
    refuse_out(variant, "media")
    before = _told(variant.assets.select_related("asset"))
    variant.assets.all().delete()
    variant.own_media = files is not None
    variant.save(update_fields=["own_media"])
    for position, (asset_id, alt) in enumerate(files or ()):
        asset = asset_for(member, asset_id, of=post.brand_id)
        VariantAsset(variant=variant, asset=asset, position=position, alt=clean(alt)).save(force_insert=True)
    _record(member, variant, before, _told(variant.assets.select_related("asset")))
    fit_kinds(post, member)
    variant.post = touch(post, member, tab)
    return variant


def _told(rows: Iterable[PostAsset | VariantAsset]) -> dict[str, list[str]]:
    """The files by their names, and their words, as the record shows them."""
    found: list[PostAsset | VariantAsset] = list(rows)
    return {"media": [row.asset.name for row in found], "alt": [row.alt for row in found if row.alt]}


def _record(member: Member, subject: Post | Variant, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Only what changed; the same files in the same words are still a save, and say so."""
    other = [key for key in after if before[key] != after[key]]
    was, now = {key: before[key] for key in other}, {key: after[key] for key in other}
    record(member, "post.write", subject, before=was, after=now)
