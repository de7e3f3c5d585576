"""What a channel takes of a file, in figures that a rendition can be made and kept by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from kitestring.connectorkit.manifest import MediaLimit

IMAGES: Final = ("image/jpeg", "image/png", "image/gif", "image/webp")
VIDEOS: Final = ("video/mp4", "video/quicktime", "video/webm")
SHOWN: Final = {"image/*": IMAGES, "video/*": VIDEOS}
CENTRE: Final = (0.5, 0.5)
LEAST: Final = (
    16  # pixels that a crop leaves of the shorter side: of less nobody knows anything again, not even an icon
)
NEAR: Final = 0.01  # by how much a whole number of pixels may miss a ratio


class Facts(Protocol):
    """What is known of a file: an asset has it."""

    @property
    def mime(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


@dataclass(frozen=True)
class Bounds:
    """What a channel takes: types, bytes, longest side in pixels. None = no bound.

    `ratio`: width by height of a picture, from and to; what is outside is cropped around `focus` (from the left and the
    top, 0 to 1). `still`: of a video one picture is wanted.
    """

    mimes: tuple[str, ...]
    bytes: int | None = None
    side: int | None = None
    ratio: tuple[float, float] | None = None
    focus: tuple[float, float] = CENTRE
    still: bool = False

    @property
    def recipe(self) -> str:
        """The name a rendition is kept by: readable, and never the same for two different bounds."""
        words = f"mimes={','.join(sorted(self.mimes))};bytes={self.bytes};side={self.side}"
        if self.ratio:
            x, y = self.focus
            words += f";ratio={self.ratio[0]:g}:{self.ratio[1]:g};focus={x:.2f},{y:.2f}"
        if self.still:
            words += ";still"
        if len(words) <= 120:
            return words
        return f"{words[:80]}#{hashlib.sha256(words.encode()).hexdigest()[:32]}"

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it; `read` brings it back."""
        return asdict(self)

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Bounds:
        ratio, focus = kept.get("ratio"), kept.get("focus") or CENTRE
        return cls(
            mimes=tuple(kept["mimes"]),
            bytes=kept.get("bytes"),
            side=kept.get("side"),
            ratio=(ratio[0], ratio[1]) if ratio else None,
            focus=(focus[0], focus[1]),
            still=bool(kept.get("still")),
        )


THUMB: Final = Bounds(("image/jpeg",), side=480, still=True)
COVER: Final = Bounds(("image/jpeg",), bytes=2_000_000, side=1920, still=True)


def bounds_for(file: Facts, limit: MediaLimit | None, focus: tuple[float, float] = CENTRE) -> Bounds:
    """What this file must fit into on the channel. The focus counts only where there is something to crop."""
    if limit is None:
        return Bounds(())
    taken = tuple(one for pattern in limit.mimes for one in SHOWN.get(pattern, (pattern,)))
    if file.mime.startswith("video/"):
        most = limit.bytes_by_mime.get("video/mp4", limit.video_bytes or limit.bytes)
        return Bounds(taken, most, limit.side)
    most = limit.bytes_by_mime.get(file.mime, limit.bytes)
    if limit.ratio is None or within(file.width, file.height, limit.ratio):
        return Bounds(taken, most, limit.side)
    return Bounds(taken, most, limit.side, limit.ratio, (round(focus[0], 2), round(focus[1], 2)))


def within(width: int, height: int, ratio: tuple[float, float]) -> bool:
    """Whether the sides keep the ratio; what has no sides yet is not judged."""
    if not width or not height:
        return True
    return ratio[0] * (1 - NEAR) <= width / height <= ratio[1] * (1 + NEAR)


def fits(mime: str, size: int, width: int, height: int, bounds: Bounds) -> bool:
    """Whether the file may go as it is."""
    return (
        (not bounds.mimes or mime in bounds.mimes)
        and (bounds.bytes is None or size <= bounds.bytes)
        and (bounds.side is None or max(width, height) <= bounds.side)
        and (bounds.ratio is None or within(width, height, bounds.ratio))
    )


def crop_box(width: int, height: int, bounds: Bounds) -> tuple[int, int, int, int]:
    """(left, top, right, bottom) of the nearest allowed ratio, the focus in it and as near to its middle as the edge lets."""
    if bounds.ratio is None or within(width, height, bounds.ratio):
        return 0, 0, width, height
    least, most = bounds.ratio
    if width / height > most:
        broad, high = max(1, min(width, round(height * most))), height
    else:
        broad, high = width, max(1, min(height, round(width / least)))
    left = _around(bounds.focus[0], broad, width)
    top = _around(bounds.focus[1], high, height)
    return left, top, left + broad, top + high


def too_narrow(width: int, height: int, bounds: Bounds) -> bool:
    """Whether the crop would leave next to nothing. What needs no crop is as narrow as whoever made it wanted it."""
    left, top, right, bottom = box = crop_box(width, height, bounds)
    return box != (0, 0, width, height) and min(right - left, bottom - top) < LEAST


def _around(focus: float, wanted: int, of: int) -> int:
    return max(0, min(of - wanted, round(focus * of - wanted / 2)))


def shown_at(width: int, height: int, ratio: float, focus: tuple[float, float]) -> str:
    """Where a style sheet has to put the picture in a box of this shape, so that it shows what a crop keeps: "40% 50%"."""
    if not width or not height:
        return "50% 50%"
    left, top, right, bottom = crop_box(width, height, Bounds((), ratio=(ratio, ratio), focus=focus))
    return f"{_share(left, width - (right - left))}% {_share(top, height - (bottom - top))}%"


def _share(first: int, left_over: int) -> int:
    return round(100 * first / left_over) if left_over else 50
