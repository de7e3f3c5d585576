"""Makes (once) the rendition of an asset that a channel takes, and hands out the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction

from kitestring.domains.library.models import Asset, Rendition
from kitestring.domains.library.queries import rendition_of
from kitestring.domains.library.queries.storage import (
    FULL,
    NoRoom,
    full_path,
    keep,
    measured,
    place_of,
    receive,
    scratch,
)
from kitestring.domains.library.rules.bounds import COVER, THUMB, Bounds
from kitestring.domains.library.rules.fitting import CannotFit, fit, fits, tells
from kitestring.domains.library.rules.plan import as_it_is, convertible
from kitestring.domains.library.rules.reasons import reason_words
from kitestring.kit.refusals import Refusal
from kitestring.kit.video.encode import CannotShrink, DiskFull, Wanted, encode
from kitestring.kit.video.probe import CannotRead, Film, probe
from kitestring.kit.video.program import NoProgram, TooSlow
from kitestring.kit.video.still import still

__all__ = ["COVER", "THUMB", "Drawn", "File", "draw", "file_within", "keep_rendition", "ready_file"]

SUFFIX = {"image/png": ".png", "image/webp": ".webp", "video/mp4": ".mp4"}
# An hour of video takes a small machine about an hour; more than that is not waited for.
LONGEST = 3600.0
STILL_AT = 1.0  # seconds: many videos begin with black


@dataclass(frozen=True)
class Drawn:
    """What was made, as a file that nobody keeps yet."""

    path: Path
    mime: str
    width: int
    height: int
    duration: float = 0.0


@dataclass(frozen=True)
class File:
    """A file on disk ready to leave or to be shown."""

    path: Path
    mime: str
    size: int
    sha256: str
    width: int
    height: int
    duration: float = 0.0


def file_within(asset: Asset, bounds: Bounds) -> File:
    """The asset itself where it fits, else its rendition. Raises Refusal when it cannot be made to fit."""
    return ready_file(asset, bounds) or keep_rendition(asset, bounds, draw(asset, bounds))


def ready_file(asset: Asset, bounds: Bounds) -> File | None:
    """The file if nothing has to be made for it, else None. Raises Refusal for what cannot be made here."""
    if asset.is_video and not bounds.still:
        if as_it_is(asset, bounds):
            return _file(asset)
        if not convertible(asset, bounds):
            raise cannot("not_taken", asset)
    elif (
        not asset.is_video
        and fits(asset.mime, asset.size, asset.width, asset.height, bounds)
        and not tells(full_path(asset.path))
    ):
        return _file(asset)
    known = rendition_of(asset.sha256, bounds.recipe)
    return _file(known) if known is not None and full_path(known.path).exists() else None


def draw(asset: Asset, bounds: Bounds) -> Drawn:
    """The slow part, seconds for a large picture, minutes for a video: asks no database, so any thread may do it.

    Raises Refusal, whose reason is a key of `rules.reasons`, and OSError (NoRoom on a full disk).
    """
    path = full_path(asset.path)
    try:
        if not asset.is_video:
            return _held(*fit(path, bounds))
        if bounds.still:
            return _still(asset, path, bounds)
        return _encoded(asset, path, bounds)
    except CannotFit as error:
        raise cannot(error.reason, asset) from error
    except CannotShrink as error:
        raise cannot("too_heavy", asset) from error
    except CannotRead as error:
        raise cannot("broken" if path.is_file() else "gone", asset) from error
    except NoProgram as error:
        raise cannot("no_program", asset) from error
    except TooSlow as error:
        raise cannot("too_slow", asset) from error
    except DiskFull as error:
        raise NoRoom(FULL[0], "no room for the file") from error


def cannot(reason: str, asset: Asset) -> Refusal:
    """Why this file cannot be made to fit, in words."""
    return Refusal(reason_words(reason, asset.name), field="media", reason=reason)


def _held(data: bytes, mime: str, width: int, height: int) -> Drawn:
    temporary, _sha256, _size = receive([data])
    return Drawn(temporary, mime, width, height)


def _still(asset: Asset, path: Path, bounds: Bounds) -> Drawn:
    at = STILL_AT if asset.duration > 2 * STILL_AT else 0.0
    data = still(path, asset.mime, at=at, side=bounds.side)
    temporary, _sha256, _size = receive([data])
    try:
        return _held(*fit(temporary, bounds))
    finally:
        temporary.unlink(missing_ok=True)


def _encoded(asset: Asset, path: Path, bounds: Bounds) -> Drawn:
    film = probe(path, asset.mime)
    target = scratch(".mp4")
    try:
        encode(path, asset.mime, film, Wanted(bounds.bytes, bounds.side), target, LONGEST)
        made: Film = probe(target, "video/mp4")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return Drawn(target, "video/mp4", made.width, made.height, made.duration)


def keep_rendition(asset: Asset, bounds: Bounds, drawn: Drawn) -> File:
    """Store what was drawn; where somebody was quicker, theirs."""
    sha256, size = measured(drawn.path)
    relative = place_of(sha256, SUFFIX.get(drawn.mime, ".jpg"))
    made = Rendition(
        source=asset.sha256, recipe=bounds.recipe, path=relative, mime=drawn.mime, size=size,
        sha256=sha256, width=drawn.width, height=drawn.height, duration=drawn.duration,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            keep(drawn.path, relative)
    except IntegrityError:
        return _file(_renewed(asset, bounds, made, drawn.path))
    finally:
        drawn.path.unlink(missing_ok=True)
    return _file(made)


def _renewed(asset: Asset, bounds: Bounds, made: Rendition, temporary: Path) -> Rendition:
    """The row that is there already; its file is put back if it was lost."""
    known = rendition_of(asset.sha256, bounds.recipe)
    if known is None:
        return made
    if not full_path(known.path).exists():
        if made.path != known.path:  # another machine's hand made other bytes of it
            made.pk = known.pk
            made.save(force_update=True)
            known = made
        keep(temporary, known.path)
    return known


def _file(row: Asset | Rendition) -> File:
    return File(full_path(row.path), row.mime, row.size, row.sha256, row.width, row.height, row.duration)
