"""Makes an image fit a channel's limits: scaled, re-encoded, without camera data. Pure but for the files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

QUALITIES: Final = (90, 82, 74, 64, 52, 40)
SMALLEST_SIDE: Final = 320
SAYS: Final = ("exif", "xmp", "XML:com.adobe.xmp", "photoshop")


class CannotFit(Exception):
    """No readable size of this image is small enough."""


@dataclass(frozen=True)
class Bounds:
    """What a channel takes: types, bytes, longest side in pixels. None = no bound."""

    mimes: tuple[str, ...]
    bytes: int | None = None
    side: int | None = None

    @property
    def recipe(self) -> str:
        return f"mimes={','.join(sorted(self.mimes))};bytes={self.bytes};side={self.side}"[:120]


def fits(mime: str, size: int, width: int, height: int, bounds: Bounds) -> bool:
    """Whether the file may go as it is."""
    return (
        (not bounds.mimes or mime in bounds.mimes)
        and (bounds.bytes is None or size <= bounds.bytes)
        and (bounds.side is None or max(width, height) <= bounds.side)
    )


def tells(path: Path) -> bool:
    """Whether the picture says more than it shows: where and when it was taken, by whom, with what.

    A moving picture goes as it is: drawn anew it would stand still.
    """
    try:
        with Image.open(path) as image:
            if getattr(image, "is_animated", False) and image.format != "MPO":
                return False
            return bool(image.getexif()) or any(name in image.info for name in SAYS)
    except (OSError, SyntaxError, ValueError):
        return True


def fit(path: Path, bounds: Bounds) -> tuple[bytes, str, int, int]:
    """(bytes, mime, width, height) within `bounds`. Raises CannotFit. Transparency survives only where PNG or WebP may go."""
    with Image.open(path) as opened:
        upright = _upright(opened)
        profile = upright.info.get("icc_profile") if upright.mode in {"RGB", "RGBA"} else None
        image = upright.convert("RGBA" if _see_through(upright) else "RGB")
        image.info = {"icc_profile": profile} if profile else {}  # its colours; nothing else goes along
    if bounds.side and max(image.size) > bounds.side:
        image.thumbnail((bounds.side, bounds.side), Image.Resampling.LANCZOS)
    while True:
        for data, mime in _encodings(image, bounds.mimes):
            if bounds.bytes is None or len(data) <= bounds.bytes:
                return data, mime, image.width, image.height
        if max(image.size) <= SMALLEST_SIDE:
            raise CannotFit(str(path))
        image = image.resize(
            (max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)), Image.Resampling.LANCZOS
        )


def _upright(opened: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it lies where the camera's note cannot be read."""
    try:
        return ImageOps.exif_transpose(opened)
    except (SyntaxError, OSError, ValueError):
        opened.load()
        return opened


def _see_through(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _encodings(image: Image.Image, mimes: tuple[str, ...]) -> list[tuple[bytes, str]]:
    """Candidates from best to smallest; made lazily enough for the sizes we meet."""
    found: list[tuple[bytes, str]] = []
    if image.mode == "RGBA" and (not mimes or "image/png" in mimes):
        found.append((_encode(image, "PNG", {"optimize": True}), "image/png"))
    if not mimes or "image/jpeg" in mimes:
        flat = image if image.mode == "RGB" else _on_white(image)
        kept = {"optimize": True, "icc_profile": image.info.get("icc_profile")}
        found += [(_encode(flat, "JPEG", {"quality": q, **kept}), "image/jpeg") for q in QUALITIES]
    elif "image/png" in mimes and image.mode == "RGB":
        found.append((_encode(image, "PNG", {"optimize": True}), "image/png"))
    return found


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _encode(image: Image.Image, form: str, options: dict[str, object]) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
