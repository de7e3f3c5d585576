"""What a file really is, by its bytes: its name and the browser's word are not believed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

IMAGES: Final = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
MOST_PIXELS: Final = 50_000_000


class NotUsable(Exception):
    """`reason`: "empty", "unknown_type", "too_many_pixels" or "broken"; sides in pixels where they are known."""

    def __init__(self, reason: str, width: int = 0, height: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.width, self.height = reason, width, height


@dataclass(frozen=True)
class Kind:
    """A usable file: its true type, and its sides in pixels for an image."""

    mime: str
    width: int = 0
    height: int = 0


def sniff(path: Path) -> Kind:
    """Raises NotUsable. Images are opened whole, so a cut-off one is found here and not at the due hour."""
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise NotUsable("empty")
    video = _video(head)
    return Kind(video) if video else _image(path)


def _video(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in {b"avif", b"heic", b"heix", b"mif1"}:
            raise NotUsable("unknown_type")
        return "video/quicktime" if brand == b"qt  " else "video/mp4"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm"
    return ""


def _image(path: Path) -> Kind:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=list(IMAGES)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise NotUsable("too_many_pixels", width, height)
                image.load()
                # Some phones put several pictures into one JPEG; it is shown by its first.
                form = "JPEG" if image.format == "MPO" else str(image.format)
                return Kind(IMAGES[form], width, height)
    except UnidentifiedImageError as error:
        raise NotUsable("unknown_type") from error
    except Image.DecompressionBombError as error:
        raise NotUsable("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise NotUsable("broken") from error
