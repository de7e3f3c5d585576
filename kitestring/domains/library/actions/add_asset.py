"""Takes a file into a brand's library, once by its content, after looking at what it really is."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import asset_with
from kitestring.domains.library.queries.storage import NoRoom, TooMuch, keep, place_of, receive
from kitestring.domains.library.rules import limits
from kitestring.domains.library.rules.sniffing import MOST_PIXELS, NotUsable, sniff
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean
from kitestring.ui import formats

SUFFIX: Final = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
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
        return _take(member, brand, called, alt, temporary, sha256, size)
    finally:
        temporary.unlink(missing_ok=True)


@transaction.atomic
def _take(
    member: Member, brand: Brand, name: str, alt: str, temporary: Path, sha256: str, size: int
) -> Asset:
    known = asset_with(brand, sha256)
    if known is not None:
        return known
    try:
        kind = sniff(temporary)
    except NotUsable as problem:
        _refuse_unusable(name, problem)
        raise
    asset = Asset(
        brand=brand,
        sha256=sha256,
        path=place_of(sha256, SUFFIX[kind.mime]),
        name=name,
        mime=kind.mime,
        size=size,
        width=kind.width,
        height=kind.height,
        alt=clean(alt),
        added_by=member,
    )
    try:
        with transaction.atomic():
            asset.save(force_insert=True)
    except IntegrityError:  # the same file came in a second time this very moment
        return asset_with(brand, sha256) or asset
    record(member, "asset.add", asset, after={"name": name, "mime": kind.mime, "size": size})
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
    _refuse(_("“%(name)s” is not a JPEG, PNG, GIF, WebP, MP4, MOV or WebM, whatever its name says."), name)


def can_read_videos() -> bool:
    """Whether this machine can look into a video (its length, its sides)."""
    return shutil.which("ffprobe") is not None
