"""The files of a hand-off as a person saves them: numbered in their order, and as the channel takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from kitestring.domains.library.actions.make_rendition import THUMB, File, file_within, ready_file
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import assets_visible_to
from kitestring.domains.library.queries.planned import focus_of
from kitestring.domains.library.queries.storage import full_path
from kitestring.domains.library.rules.bounds import CENTRE, bounds_for
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.telling import limit_of
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal

# What some phone or file system does not take in a name.
ODD: Final = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")
SUFFIXES: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "video/quicktime": ".mov",
}


@dataclass(frozen=True)
class ToSave:
    """One file of a hand-off: its place from 1, the asset, the alt text, what a crop keeps in."""

    number: int
    asset: Asset
    alt: str
    focus: tuple[float, float] = CENTRE

    @property
    def is_image(self) -> bool:
        return self.asset.mime.startswith("image/")


@dataclass(frozen=True)
class Saved:
    """A file on disk, and the name it is saved under."""

    path: Path
    mime: str
    name: str


def files_of(member: Member, delivery: Delivery) -> list[ToSave]:
    """In their order; one that is gone from the library is left out, and keeps its number."""
    frozen = delivery.payload.get("media") or []
    mine = assets_visible_to(member, delivery.account.brand)
    known = {str(asset.pk): asset for asset in mine.filter(pk__in=[item["asset"] for item in frozen])}
    return [
        ToSave(number, known[str(item["asset"])], item.get("alt", ""), focus_of(item))
        for number, item in enumerate(frozen, start=1)
        if str(item["asset"]) in known
    ]


def file_to_save(delivery: Delivery, one: ToSave) -> Saved:
    """The rendition that fits the channel; the file as it is where that cannot be made (the app then has the last word).

    A video is made ahead of its hour, never while somebody waits for a page: until then it is the file as it is.
    """
    bounds = bounds_for(one.asset, limit_of(delivery.account.channel, delivery.publish_kind), one.focus)
    try:
        file = ready_file(one.asset, bounds) if one.asset.is_video else file_within(one.asset, bounds)
    except (Refusal, OSError):
        file = None
    if file is None:
        return Saved(full_path(one.asset.path), one.asset.mime, name_of(one, one.asset.mime))
    return Saved(file.path, file.mime, name_of(one, file.mime))


def thumb_of(one: ToSave) -> File:
    """A small picture of an image. Raises Refusal or OSError where none can be made."""
    return file_within(one.asset, THUMB)


def name_of(one: ToSave, mime: str) -> str:
    """ "02 cover.jpg": sorted by name they lie in their order."""
    stem = " ".join(ODD.sub(" ", PurePath(one.asset.name).stem).split()).strip(".")[:80] or "file"
    suffix = SUFFIXES.get(mime) or PurePath(one.asset.name).suffix[:10]
    return f"{one.number:02d} {stem}{suffix}"
