"""Makes an image fit a channel's limits: cropped, scaled, re-encoded, without camera data. Pure but for the files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms, ImageOps

from kitestring.domains.library.rules.bounds import Bounds, crop_box, fits, too_narrow
from kitestring.domains.library.rules.sniffing import IMAGES, ORIENTATION
from kitestring.domains.library.rules.telling import WAYS, without

__all__ = ["Bounds", "CannotFit", "fit", "fits", "tells"]

QUALITIES: Final = (90, 82, 74, 64, 52, 40)
SMALLEST_SIDE: Final = 320
UNTOUCHED: Final = frozenset(
    {"PNG", "GIF", "WEBP"}
)  # a JPEG of a camera lies as it was held: it is drawn anew
WHITE_OF_SIXTEEN: Final = 65535.0
SIXTEEN: Final = frozenset({"I;16", "I;16L", "I;16B", "I;16N"})


class CannotFit(Exception):
    """`reason`, a key of `rules.reasons`: no readable size is small enough ("too_heavy"), hardly anything is left of the crop
    ("too_narrow"), or how bright it is cannot be told ("no_measure")."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def tells(path: Path) -> bool:
    """Whether the picture's file says more than it shows: where and when it was taken, by whom, with what, any remark.

    Of a form that is not looked into (AVIF, TIFF), and of a damaged file, nobody knows: True.
    """
    try:
        with Image.open(path) as image:
            form = str(image.format)
        data = path.read_bytes()
        return form not in WAYS or without(data, form) != data
    except (OSError, SyntaxError, ValueError):
        return True


def fit(path: Path, bounds: Bounds) -> tuple[bytes, str, int, int]:
    """(bytes, mime, width, height) within `bounds`. Raises CannotFit. Transparency survives only where PNG or WebP may go.

    Never larger than it was. Where only what the file says is too much, that alone is taken out; else of a moving picture
    the first goes.
    """
    return _silenced(path, bounds) or _drawn(path, bounds)


def _silenced(path: Path, bounds: Bounds) -> tuple[bytes, str, int, int] | None:
    """The picture as it is but for what its file says; None where it has to be drawn anew, as one that lies on its side."""
    try:
        with Image.open(path) as image:
            form, (width, height) = str(image.format), image.size
            moves = bool(getattr(image, "is_animated", False))
            if form not in UNTOUCHED or (not moves and image.getexif().get(ORIENTATION, 1) != 1):
                return None
        data = without(path.read_bytes(), form)
    except (OSError, SyntaxError, ValueError):
        return None
    return (
        (data, IMAGES[form], width, height) if fits(IMAGES[form], len(data), width, height, bounds) else None
    )


def _drawn(path: Path, bounds: Bounds) -> tuple[bytes, str, int, int]:
    with Image.open(path) as opened:
        image = _plain(_upright(opened))
    if too_narrow(*image.size, bounds):
        raise CannotFit("too_narrow")
    box = crop_box(*image.size, bounds)
    if box != (0, 0, *image.size):
        kept, image = image.info, image.crop(box)
        image.info = kept
    if bounds.side and max(image.size) > bounds.side:
        image.thumbnail((bounds.side, bounds.side), Image.Resampling.LANCZOS)
    while True:
        for data, mime in _encodings(image, bounds.mimes):
            if bounds.bytes is None or len(data) <= bounds.bytes:
                return data, mime, image.width, image.height
        if max(image.size) <= SMALLEST_SIDE:
            raise CannotFit("too_heavy")
        kept = image.info
        image = image.resize(
            (max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)), Image.Resampling.LANCZOS
        )
        image.info = kept


def _upright(opened: Image.Image) -> Image.Image:
    """Turned as the camera was held; as it lies where the camera's note cannot be read."""
    try:
        return ImageOps.exif_transpose(opened)
    except (SyntaxError, OSError, ValueError):
        opened.load()
        return opened


def _plain(image: Image.Image) -> Image.Image:
    """Red, green and blue in eight bits, see-through where it was; of what it said only its colours stay."""
    profile = image.info.get("icc_profile")
    if image.mode in SIXTEEN or image.mode in {"I", "F"}:
        image = _in_eight_bits(image)
    elif image.mode == "CMYK" and profile:
        image, profile = _from_print(image, profile), None
    kept = profile if profile and image.mode in {"RGB", "RGBA"} else None
    plain = image.convert("RGBA" if _see_through(image) else "RGB")
    plain.info = {"icc_profile": kept} if kept else {}
    return plain


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Greys of more than eight bits. Raises CannotFit("no_measure")."""
    black, white = (0.0, WHITE_OF_SIXTEEN) if image.mode in SIXTEEN else _reach(image)
    step = 255 / ((white - black) or 1.0)
    if image.mode != "F":
        image = image.convert("I").convert("F")
    return image.point(lambda value: value * step + (0.5 - black * step)).convert("L")


def _reach(image: Image.Image) -> tuple[float, float]:
    """What is black and white in whole numbers of 32 bits, or in fractions: no form says it.

    Where the picture keeps to a usual measure that is meant; else what it reaches itself.
    """
    lowest, highest = (float(str(one)) for one in image.getextrema())
    if not (isfinite(lowest) and isfinite(highest) and isfinite(highest - lowest)):
        raise CannotFit("no_measure")
    for usual in (1.0,) if image.mode == "F" else (255.0, WHITE_OF_SIXTEEN):
        if lowest >= 0 and highest <= usual:
            return 0.0, usual
    return lowest, highest


def _from_print(image: Image.Image, profile: bytes) -> Image.Image:
    """The colours of a picture made for print, as a screen shows them; as good as it goes where its profile is broken."""
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        made = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
        if made is not None:
            return made
    return image


def _see_through(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _encodings(image: Image.Image, mimes: tuple[str, ...]) -> Iterator[tuple[bytes, str]]:
    """Candidates from best to smallest, each made when it is asked for."""
    clear = image.mode == "RGBA"
    if clear and (not mimes or "image/png" in mimes):
        yield _encode(image, "PNG", {"optimize": True}), "image/png"
    kept = {"icc_profile": image.info.get("icc_profile")}
    if clear and "image/webp" in mimes:
        for quality in QUALITIES:
            yield _encode(image, "WEBP", {"quality": quality, **kept}), "image/webp"
    if not mimes or "image/jpeg" in mimes:
        flat = _on_white(image) if clear else image
        for quality in QUALITIES:
            yield _encode(flat, "JPEG", {"quality": quality, "optimize": True, **kept}), "image/jpeg"
    elif not clear and "image/png" in mimes:
        yield _encode(image, "PNG", {"optimize": True}), "image/png"
    elif not clear and "image/webp" in mimes:
        for quality in QUALITIES:
            yield _encode(image, "WEBP", {"quality": quality, **kept}), "image/webp"


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _encode(image: Image.Image, form: str, options: dict[str, object]) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
