"""Makes (once) the rendition of an asset that a channel takes, and hands out the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.library.models import Asset, Rendition
from kitestring.domains.library.queries import rendition_of
from kitestring.domains.library.queries.storage import full_path, keep, place_of, receive
from kitestring.domains.library.rules.fitting import Bounds, CannotFit, fit, fits, tells
from kitestring.kit.refusals import Refusal

Drawn = tuple[bytes, str, int, int]  # content, media type, width, height
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
    return ready_file(asset, bounds) or keep_rendition(asset, bounds, draw(asset, bounds))


def ready_file(asset: Asset, bounds: Bounds) -> File | None:
    """The file if nothing has to be drawn for it, else None. Raises Refusal for what cannot be drawn here."""
    image = asset.mime.startswith("image/")
    if fits(asset.mime, asset.size, asset.width, asset.height, bounds) and not (
        image and tells(full_path(asset.path))
    ):
        return _file(asset)
    if not image:
        raise Refusal(
            _(
                "“%(name)s” is over the channel's limit, and videos are not converted here. Send a smaller copy."
            )
            % {"name": asset.name},
            field="media",
        )
    known = rendition_of(asset, bounds.recipe)
    return _file(known) if known is not None and full_path(known.path).exists() else None


def draw(asset: Asset, bounds: Bounds) -> Drawn:
    """The slow part, seconds for a large picture: asks no database, so any thread may do it. Raises Refusal."""
    try:
        return fit(full_path(asset.path), bounds)
    except CannotFit as error:
        raise Refusal(
            _("“%(name)s” cannot be made small enough for this channel.") % {"name": asset.name},
            field="media",
        ) from error


def keep_rendition(asset: Asset, bounds: Bounds, drawn: Drawn) -> File:
    """Store what was drawn; where somebody was quicker, theirs."""
    data, mime, width, height = drawn
    temporary, sha256, size = receive([data])
    relative = place_of(sha256, ".png" if mime == "image/png" else ".jpg")
    made = Rendition(
        asset=asset, recipe=bounds.recipe, path=relative, mime=mime, size=size,
        sha256=sha256, width=width, height=height,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            keep(temporary, relative)
    except IntegrityError:
        return _file(_renewed(asset, bounds, made, temporary))
    finally:
        temporary.unlink(missing_ok=True)
    return _file(made)


def _renewed(asset: Asset, bounds: Bounds, made: Rendition, temporary: Path) -> Rendition:
    """The row that is there already; its file is put back if it was lost."""
    known = rendition_of(asset, bounds.recipe)
    if known is None:
        return made
    if not full_path(known.path).exists():
        keep(temporary, known.path)
    return known


def _file(row: Asset | Rendition) -> File:
    return File(full_path(row.path), row.mime, row.size, row.sha256, row.width, row.height)
