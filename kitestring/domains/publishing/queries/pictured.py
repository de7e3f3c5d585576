"""The first picture of a delivery as it goes out: whole, or the piece that is cut around the point somebody chose."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kitestring.domains.library.queries import assets_by_id
from kitestring.domains.library.queries.planned import focus_of, made_of, planned
from kitestring.domains.library.rules.bounds import shown_at
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.telling import limit_of


@dataclass(frozen=True)
class Pictured:
    """The first file of a delivery as it goes out. `ratio`: "4 / 5" where it is cut on its way, else ""; `position`: where the
    whole picture lies behind that piece."""

    asset: UUID
    alt: str
    ratio: str = ""
    position: str = ""


def pictured(delivery: Delivery) -> Pictured | None:
    """None without a file, or where it is gone."""
    frozen = (delivery.payload.get("media") or [None])[0]
    asset = assets_by_id([str(frozen["asset"])]).get(str(frozen["asset"])) if frozen else None
    if frozen is None or asset is None:
        return None
    alt, focus = str(frozen.get("alt", "")), focus_of(frozen)
    limit = limit_of(delivery.account.channel, delivery.publish_kind)
    one = planned(asset, alt, limit, made_of([asset.sha256]), focus)
    if "cropped" not in one.steps or not one.width or not one.height:
        return Pictured(asset.pk, alt)
    position = shown_at(asset.width, asset.height, one.width / one.height, focus)
    return Pictured(asset.pk, alt, f"{one.width} / {one.height}", position)
