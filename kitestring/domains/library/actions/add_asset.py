"""Takes a file into a brand's library, once by its content, after looking at what it really is."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.library.actions.make_rendition import THUMB, Drawn, keep_rendition
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import asset_with
from kitestring.domains.library.queries.storage import NoRoom, TooMuch, keep, place_of, receive
from kitestring.domains.library.rules import limits
from kitestring.domains.library.rules.sniffing import MOST_PIXELS, Kind, NotUsable, sniff
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean
from kitestring.kit.video.encode import sides_within
from kitestring.kit.video.probe import LOOK, CannotRead
from kitestring.kit.video.program import TooSlow
from kitestring.kit.video.still import still
from kitestring.ui import formats

SUFFIX: Final = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
    "image/avif": ".avif", "image/tiff": ".tif",
    "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm",
}  # fmt: skip


def add_asset(member: Member, brand: Brand, name: str, chunks: Iterable[bytes], *, alt: str = "") -> Asset:
    """Raises Refusal (field "file") for a file that cannot be used; nothing of it is kept then."""
    require(member, "asset.add")
    called = clean(name)[:255] or "file"
    try:
        temporary, sha256, size = receive(chunks, limits.LARGEST)
    except TooMuch as more:
        refuse_size(more.size, called)
        raise
    except NoRoom as full:
        raise Refusal(
            _(
                "There is no room left where files are kept. “%(name)s” was not stored; nothing else was lost. "
                "Ask whoever runs this Kitestring to make room."
            )
            % {"name": called},
            field="file",
        ) from full
    try:
        known = asset_with(brand, sha256)
        if known is not None:
            return known
        kind, poster = _looked_at(temporary, called)
        asset = _take(member, brand, called, alt, temporary, Found(sha256, size, kind))
        if poster is not None:
            _keep_poster(asset, poster)
        return asset
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(frozen=True)
class Found:
    """What arrived: its content's sha256, bytes, and what it is."""

    sha256: str
    size: int
    kind: Kind


def _looked_at(path: Path, name: str) -> tuple[Kind, bytes | None]:
    """What it is, and of a video one picture, which proves that it can be unpacked. Raises Refusal. Outside transactions."""
    try:
        kind = sniff(path)
        if not kind.duration:
            return kind, None
        at = 1.0 if kind.duration > 2 else 0.0
        return kind, still(path, kind.mime, at=at, side=THUMB.side)
    except (CannotRead, TooSlow):
        _refuse_unusable(name, NotUsable("broken"))
        raise
    except NotUsable as problem:
        _refuse_unusable(name, problem)
        raise


def _keep_poster(asset: Asset, poster: bytes) -> None:
    """A courtesy: what cannot be kept now is made when somebody looks."""
    with suppress(OSError):
        temporary, _sha256, _size = receive([poster])
        width, height = sides_within(asset.width, asset.height, THUMB.side)
        keep_rendition(asset, THUMB, Drawn(temporary, "image/jpeg", width, height))


@transaction.atomic
def _take(member: Member, brand: Brand, name: str, alt: str, temporary: Path, found: Found) -> Asset:
    kind, sha256 = found.kind, found.sha256
    asset = Asset(
        brand=brand,
        sha256=sha256,
        path=place_of(sha256, SUFFIX[kind.mime]),
        name=name,
        mime=kind.mime,
        size=found.size,
        width=kind.width,
        height=kind.height,
        duration=kind.duration,
        codecs=kind.codecs,
        tells=kind.tells,
        looked=LOOK if kind.duration else 0,
        moving=kind.moving,
        alt=clean(alt),
        added_by=member,
    )
    try:
        with transaction.atomic():
            asset.save(force_insert=True)
    except IntegrityError:  # the same file came in a second time this very moment
        return asset_with(brand, sha256) or asset
    record(member, "asset.add", asset, after={"name": name, "mime": kind.mime, "size": found.size})
    # Last of all: a row that cannot be written leaves no file behind, a file that cannot be kept takes the row along.
    keep(temporary, asset.path)
    return asset


def refuse_size(size: int, name: str = "") -> None:
    """Raise Refusal (field "file") for a file, or a request, of more than the library takes."""
    figures = {"size": -(-size // (1 << 20)), "limit": limits.LARGEST >> 20}
    if name:
        _refuse(_("“%(name)s” has %(size)s MB or more; the library takes %(limit)s."), name, **figures)
    _refuse(_("That is %(size)s MB or more; the library takes %(limit)s at once."), name, **figures)


def _refuse(message: str, name: str, **figures: object) -> None:
    raise Refusal(
        formats.sentences(message % {"name": name, **figures}, _("It was not added; nothing else changed.")),
        field="file",
    )


def _refuse_unusable(name: str, problem: NotUsable) -> None:
    if problem.reason == "too_many_pixels":
        _refuse(
            _(
                "“%(name)s” measures %(width)s × %(height)s pixels, more than %(limit)s million in all. Make a smaller copy."
            ),
            name,
            width=f"{problem.width:,}",
            height=f"{problem.height:,}",
            limit=MOST_PIXELS // 1_000_000,
        )
    if problem.reason == "empty":
        _refuse(_("“%(name)s” is empty."), name)
    if problem.reason == "broken":
        _refuse(_("“%(name)s” is cut off or damaged: it does not open. Send it again."), name)
    if problem.reason == "no_picture":
        _refuse(_("“%(name)s” has no picture in it, only sound or nothing at all."), name)
    if problem.reason == "too_slow":
        _refuse(
            _("“%(name)s” could not be looked through in two minutes. Send a shorter or smaller copy."), name
        )
    if problem.reason == "heic":
        _refuse(
            _(
                "“%(name)s” is a HEIC picture, which cannot be opened here. Send it as JPEG: the phone does that when its "
                "camera is set to “Most compatible”, or when the picture is shared."
            ),
            name,
        )
    _refuse(
        _("“%(name)s” is not a JPEG, PNG, GIF, WebP, AVIF, TIFF, MP4, MOV or WebM, whatever its name says."),
        name,
    )
