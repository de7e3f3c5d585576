"""Makes (once) the rendition of an asset that a channel takes, and hands out the file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.library.models import Asset, Rendition
from kitestring.domains.library.queries import rendition_of
from kitestring.domains.library.queries.storage import full_path, keep, place_of, receive
from kitestring.domains.library.rules.fitting import Bounds, CannotFit, fit, fits
from kitestring.kit.refusals import Refusal

THUMB = Bounds(("image/jpeg",), side=480)


@dataclass(frozen=True)
class File:
    """A file on disk ready to leave or to be shown."""

    path: Path
    mime: str
    size: int
    sha256: str
    width: int
    height: int


def file_within(asset: Asset, bounds: Bounds) -> File:
    """The asset itself where it fits, else its rendition. Raises Refusal when it cannot be made to fit."""
    if fits(asset.mime, asset.size, asset.width, asset.height, bounds):
        return _file(asset)
    if not asset.mime.startswith("image/"):
        raise Refusal(
            _(
                "“%(name)s” is over the channel's limit, and videos are not converted here. Send a smaller copy."
            )
            % {"name": asset.name},
            field="media",
        )
    known = rendition_of(asset, bounds.recipe)
    if known is not None and full_path(known.path).exists():
        return _file(known)
    return _file(_make(asset, bounds))


def _make(asset: Asset, bounds: Bounds) -> Rendition:
    try:
        data, mime, width, height = fit(full_path(asset.path), bounds)
    except CannotFit as error:
        raise Refusal(
            _("“%(name)s” cannot be made small enough for this channel.") % {"name": asset.name},
            field="media",
        ) from error
    temporary, sha256, size = receive([data])
    relative = place_of(sha256, ".png" if mime == "image/png" else ".jpg")
    keep(temporary, relative)
    made = Rendition(
        asset=asset, recipe=bounds.recipe, path=relative, mime=mime, size=size,
        sha256=hashlib.sha256(data).hexdigest(), width=width, height=height,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return rendition_of(asset, bounds.recipe) or made
    return made


def _file(row: Asset | Rendition) -> File:
    return File(full_path(row.path), row.mime, row.size, row.sha256, row.width, row.height)
