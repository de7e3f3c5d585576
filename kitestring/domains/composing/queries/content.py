"""The frozen form of a post: what a revision holds and a delivery sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kitestring.connectorkit import registry
from kitestring.connectorkit.options import chosen
from kitestring.domains.composing.models import Exemption, Post, PostAsset, Variant, VariantAsset
from kitestring.domains.composing.queries import variants_of
from kitestring.domains.composing.queries.about import switched_on
from kitestring.domains.composing.queries.exemptions import exemptions_of, frozen_with
from kitestring.domains.composing.queries.parts import parts_in
from kitestring.domains.library.rules.bounds import CENTRE


def content_of(post: Post) -> dict[str, Any]:
    """The post and all variants with inheritance resolved, in the shape `Revision.content` documents."""
    source = _media(list(post.assets.select_related("asset")))
    claimed = exemptions_of(post)
    about = {"about": post.about} if post.about else {}
    return {
        **about,
        "text": post.text,
        "title": post.title,
        "link": post.link,
        "language": post.language,
        "media": source,
        "variants": {str(v.pk): variant_content(v, source, claimed) for v in variants_of(post)},
    }


def variant_content(
    variant: Variant, source_media: list[dict[str, Any]], claimed: Sequence[Exemption] = ()
) -> dict[str, Any]:
    """What one account will carry: its own words where it has them, else the source's; the parts only where it is more
    than one."""
    post = variant.post
    media = _media(list(variant.assets.all())) if variant.own_media else source_media
    parts = parts_in(variant, pictures=bool(media))
    content: dict[str, Any] = {
        "account": str(variant.account_id),
        "kind": variant.kind,
        "text": variant.said if len(parts) > 1 else parts[0].text,
        "title": post.title if variant.title is None else variant.title,
        "language": variant.language or post.language,
        "link": post.link,
        "media": media,
        "options": settings_of(variant),
    }
    if post.about:
        content["about"] = post.about
    if post.campaign is not None and post.campaign.mechanics:
        content["campaign"] = post.campaign.mechanics
    if len(parts) > 1:
        content["parts"] = [part.frozen() for part in parts]
    if variant.numbered and sum(part.role != "comment" for part in parts) > 1:
        content["numbered"] = True
    if exempt := frozen_with(content, claimed):
        content["exemptions"] = exempt
    return content


def settings_of(variant: Variant) -> dict[str, str]:
    """What was chosen of the channel's settings, with its defaults and what the post's declarations switch on."""
    try:
        kind = registry.get(variant.account.channel).manifest.kind(variant.kind)
    except KeyError:
        return dict(variant.options)
    return chosen(kind, {**switched_on(kind, variant.post.about), **variant.options})


def _media(rows: list[PostAsset] | list[VariantAsset]) -> list[dict[str, Any]]:
    return [_file(row) for row in rows]


def _file(row: PostAsset | VariantAsset) -> dict[str, Any]:
    """The file by its content. What a crop keeps in is frozen with it where somebody chose it."""
    asset = row.asset
    told: dict[str, Any] = {"asset": str(asset.pk), "sha256": asset.sha256, "alt": row.alt or asset.alt}
    focus = (round(asset.focus_x, 2), round(asset.focus_y, 2))
    if focus != CENTRE and asset.is_image:
        told["focus"] = list(focus)
    return told
