"""What a file really is, by its bytes: its name and the browser's word are not believed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from kitestring.kit.video.probe import CannotRead, probe
from kitestring.kit.video.program import NoProgram, TooSlow

IMAGES: Final = {
    "JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp",
    "AVIF": "image/avif", "TIFF": "image/tiff",
}  # fmt: skip
MOST_PIXELS: Final = 50_000_000
HEIC: Final = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
TURNED: Final = (5, 6, 7, 8)  # notes of a camera held upright
ORIENTATION: Final = 0x0112


class NotUsable(Exception):
    """`reason`: "empty", "unknown_type", "heic", "too_many_pixels", "no_picture", "too_slow" or "broken"; sides in pixels
    where they are known."""

    def __init__(self, reason: str, width: int = 0, height: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.width, self.height = reason, width, height


@dataclass(frozen=True)
class Kind:
    """A usable file: its true type, and its sides in pixels as it is shown. The rest as `models.Asset` has it."""

    mime: str
    width: int = 0
    height: int = 0
    duration: float = 0.0
    codecs: str = ""
    tells: bool = False
    moving: bool = False


def sniff(path: Path) -> Kind:
    """Raises NotUsable. Images are opened whole, so a cut-off one is found here and not at the due hour."""
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise NotUsable("empty")
    video = _video(head)
    return look_into(path, video) if video else _image(path)


def look_into(path: Path, mime: str) -> Kind:
    """A video, with what could be found out of it: nothing where this machine has no ffmpeg. Raises NotUsable."""
    try:
        film = probe(path, mime)
    except NoProgram:
        return Kind(mime)
    except TooSlow as error:
        raise NotUsable("too_slow") from error
    except CannotRead as error:
        raise NotUsable(error.reason) from error
    return Kind(mime, film.width, film.height, film.duration, film.codecs[:80], film.tells)


def _video(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in HEIC:
            raise NotUsable("heic")
        if brand in {b"avif", b"avis"}:
            return ""
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    if head[4:8] in {b"moov", b"wide", b"mdat"}:  # a QuickTime file from before there was a mark
        return "video/quicktime"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm"
    return ""


def _image(path: Path) -> Kind:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its size, and of a camera's note that is damaged
            with Image.open(path, formats=list(IMAGES)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise NotUsable("too_many_pixels", width, height)
                # Some phones put several pictures into one JPEG; it is shown by its first.
                form = "JPEG" if image.format == "MPO" else str(image.format)
                moving = form not in {"JPEG", "TIFF"} and bool(getattr(image, "is_animated", False))
                image.load()
                if _turned(image):
                    width, height = height, width
                return Kind(IMAGES[form], width, height, moving=moving)
    except UnidentifiedImageError as error:
        raise NotUsable("unknown_type") from error
    except Image.DecompressionBombError as error:
        raise NotUsable("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotUsable("broken") from error


def _turned(image: Image.Image) -> bool:
    try:
        return image.getexif().get(ORIENTATION) in TURNED
    except (OSError, SyntaxError, ValueError):
        return False
