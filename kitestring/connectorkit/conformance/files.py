"""Sound files for a kind, and files wrong in each way that its manifest names."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from PIL import Image

from kitestring.connectorkit.checking_media import heaviest
from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.contract import Media
from kitestring.connectorkit.manifest import MediaLimit, PublishKind

FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF"}
VIDEOS: Final = {"video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm"}
SHORT: Final = 240  # pixels of the shorter side, where nothing larger is wanted
FETCHED: Final = "https://files.kitestring.example/"
ALT: Final = "Một tách trà"


def takes_files(kind: PublishKind) -> bool:
    """Whether this kind takes a file of a format we can make."""
    return bool(picture_type(kind) or video_type(kind))


def picture_type(kind: PublishKind) -> str:
    """The first of our picture formats that the kind takes; "" where it takes none."""
    return _first(kind.media, FORMATS, "image/*")


def video_type(kind: PublishKind) -> str:
    if kind.media is not None and kind.media.videos == 0:
        return ""
    # A limit that names no types speaks of pictures.
    return _first(kind.media, VIDEOS, "video/*") if kind.media is not None and kind.media.mimes else ""


def _first(limit: MediaLimit | None, ours: dict[str, str], all_of_them: str) -> str:
    if limit is None or not limit.count:
        return ""
    taken = limit.mimes
    return next((mime for mime in ours if not taken or mime in taken or all_of_them in taken), "")


def files(kind: PublishKind, folder: Path, wanted: int) -> tuple[Media, ...]:
    """So many files that the kind takes; at least as many as it wants where any are."""
    limit = kind.media
    number = max(wanted, limit.least) if limit is not None and wanted else wanted
    return tuple(file(kind, folder, at) for at in range(number))


def file(kind: PublishKind, folder: Path, number: int = 0) -> Media:
    """A picture where the kind takes pictures, else a video."""
    return picture(kind, folder, number) if picture_type(kind) else video(kind, folder, number)


def picture(kind: PublishKind, folder: Path, number: int = 0) -> Media:
    """A small real picture of a format the kind takes."""
    mime = picture_type(kind)
    width, height = _sides(kind.media, kind.media.ratio if kind.media else None)
    out = io.BytesIO()
    Image.new("RGB", (width, height), (40 + 20 * number, 80, 60)).save(out, FORMATS[mime])
    return _laid(
        kind, folder / f"picture-{number}.{FORMATS[mime].lower()}", out.getvalue(), mime, width, height
    )


def video(kind: PublishKind, folder: Path, number: int = 0) -> Media:
    """A short real video of a format the kind takes, with a still of it."""
    mime = video_type(kind)
    limit = kind.media
    width, height = _sides(limit, limit.video_ratio if limit else None)
    width, height = width // 2 * 2, height // 2 * 2
    seconds = max(1.0, limit.seconds[0]) if limit is not None and limit.seconds else 1.0
    laid = _laid(
        kind, folder / f"video-{number}{VIDEOS[mime]}", _filmed(VIDEOS[mime], width, height, seconds, number),
        mime, width, height,
    )  # fmt: skip
    cover = folder / f"cover-{number}.jpg"
    Image.new("RGB", (width, height), (40, 80, 60)).save(cover, "JPEG")
    return replace(laid, duration=seconds, cover=cover)


def _laid(kind: PublishKind, path: Path, data: bytes, mime: str, width: int, height: int) -> Media:
    path.write_bytes(data)
    by_address = kind.media is not None and kind.media.by_address
    url = FETCHED + path.name if by_address else ""
    return Media(path, mime, len(data), sha256(data).hexdigest(), ALT, width, height, public_url=url)


@cache
def _filmed(suffix: str, width: int, height: int, seconds: float, number: int) -> bytes:
    with TemporaryDirectory() as folder:
        made = film(Path(folder) / f"a{suffix}", seconds=seconds + 0.04 * number, width=width, height=height)
        return made.read_bytes()


def _sides(limit: MediaLimit | None, ratio: tuple[float, float] | None) -> tuple[int, int]:
    """4:3 where the kind does not want another shape; no smaller than it wants, no larger than it takes."""
    shape = min(max(4 / 3, ratio[0]), ratio[1]) if ratio else 4 / 3
    short = max(SHORT, limit.min_side or 0) if limit is not None else SHORT
    longest = limit.side if limit is not None and limit.side else None
    long = round(short * max(shape, 1 / shape))
    if longest is not None and long > longest:
        short, long = round(longest / max(shape, 1 / shape)), longest
    return (long, short) if shape >= 1 else (short, long)


def wrong(kind: PublishKind, folder: Path) -> Iterator[tuple[str, tuple[Media, ...]]]:
    """(field, files wrong in just that) for everything the manifest limits in files."""
    limit = kind.media
    if limit is None or not takes_files(kind):
        return
    one = file(kind, folder)
    rest = (one,) * (limit.least - 1)
    yield "media", (one,) * (limit.count + 1)
    if limit.least > 1:
        yield "media", rest
    if limit.by_address:
        yield "media", (replace(one, public_url=""), *rest)
    if limit.mimes:
        yield "media.0", (replace(one, mime="application/x-lying"), *rest)
    if limit.alt is not None:
        yield "media.0.alt", (replace(one, alt="x" * (limit.alt + 1)), *rest)
    if limit.side is not None:
        yield "media.0", (replace(one, width=limit.side + 1), *rest)
    if limit.min_side is not None:
        small = limit.min_side - 1
        yield "media.0", (replace(one, width=small, height=small), *rest)
    if picture_type(kind):
        for bad in _wrong_as_picture(limit, one):
            yield "media.0", (bad, *rest)
    if video_type(kind):
        yield from _wrong_as_video(kind, limit, one, video(kind, folder))


def _wrong_as_picture(limit: MediaLimit, one: Media) -> Iterator[Media]:
    most = heaviest(limit, one.mime)
    if most is not None:
        yield replace(one, size=most + 1)
    if limit.ratio is not None:
        yield replace(one, width=round(one.height * limit.ratio[1] * 1.2))
        yield replace(one, height=round(one.width / limit.ratio[0] * 1.2))


def _wrong_as_video(
    kind: PublishKind, limit: MediaLimit, one: Media, filmed: Media
) -> Iterator[tuple[str, tuple[Media, ...]]]:
    rest = (one if limit.mixed else filmed,) * (limit.least - 1)
    if not limit.mixed and limit.videos is not None and limit.videos < limit.least:
        return  # there is no sound post with a video in it
    if limit.videos is not None and limit.videos < limit.count:
        yield "media", (filmed,) * (limit.videos + 1)
    if not limit.mixed and picture_type(kind) and limit.count > 1:
        yield "media", (one, filmed)
    most = heaviest(limit, filmed.mime)
    if most is not None:
        yield "media.0", (replace(filmed, size=most + 1), *rest)
    if limit.video_ratio is not None:
        yield "media.0", (replace(filmed, width=round(filmed.height * limit.video_ratio[1] * 1.2)), *rest)
    if limit.seconds is not None:
        least, longest = limit.seconds
        yield "media.0", (replace(filmed, duration=longest + 1), *rest)
        if least > 0.2:
            yield "media.0", (replace(filmed, duration=least / 2), *rest)
