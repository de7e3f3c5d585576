"""Says what will become of a file on a channel before it is made: its type, sides and size, and what is done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from kitestring.domains.library.rules.bounds import Bounds, Facts, crop_box, fits, too_narrow, within
from kitestring.kit.video.encode import played_everywhere, sides_within

Step = Literal["cropped", "smaller", "lighter", "converted", "stands_still"]
DRAWN: Final = ("image/jpeg", "image/png", "image/webp")  # what `fitting` can write, the most wanted first


class Known(Facts, Protocol):
    """Facts, and what a rendition depends on besides."""

    @property
    def duration(self) -> float: ...
    @property
    def codecs(self) -> str: ...
    @property
    def tells(self) -> bool: ...
    @property
    def moving(self) -> bool: ...


@dataclass(frozen=True)
class Plan:
    """What will go. `size` in bytes, 0 where only the making tells; `steps`: what is done to the file, none where it goes
    as it is. `possible` False: nothing the channel takes can be made of it; the figures are then its own. `refused`: why
    the steps cannot be done (`rules.reasons`), else ""."""

    mime: str
    size: int
    width: int
    height: int
    duration: float = 0.0
    steps: tuple[Step, ...] = ()
    possible: bool = True
    refused: str = ""


def plan(file: Known, bounds: Bounds) -> Plan:
    """Pure: opens no file. What a camera wrote into a picture is taken out without a word."""
    return _of_video(file, bounds) if file.mime.startswith("video/") else _of_picture(file, bounds)


def as_it_is(file: Known, bounds: Bounds) -> bool:
    """Whether a video may go untouched: a type and a coding that the channel plays, nothing told of a place."""
    if not fits(file.mime, file.size, file.width, file.height, bounds) or file.tells:
        return False
    return not file.codecs or file.mime == "video/webm" or played_everywhere(file.codecs)


def convertible(file: Known, bounds: Bounds) -> bool:
    """Whether a video can be made into what the channel takes: an MP4."""
    return not bounds.mimes or "video/mp4" in bounds.mimes


def _of_video(file: Known, bounds: Bounds) -> Plan:
    own = Plan(file.mime, file.size, file.width, file.height, file.duration)
    if as_it_is(file, bounds):
        return own
    if not convertible(file, bounds):
        return Plan(own.mime, own.size, own.width, own.height, own.duration, possible=False)
    width, height = (
        sides_within(file.width, file.height, bounds.side) if file.width and file.height else (0, 0)
    )
    steps: list[Step] = []
    if file.mime != "video/mp4" or (file.codecs and not played_everywhere(file.codecs)):
        steps.append("converted")
    if bounds.side and max(file.width, file.height) > bounds.side:
        steps.append("smaller")
    heavy = bounds.bytes is not None and file.size > bounds.bytes
    if heavy:
        steps.append("lighter")
    return Plan("video/mp4", 0, width, height, file.duration, tuple(steps))


def _of_picture(file: Known, bounds: Bounds) -> Plan:
    if fits(file.mime, file.size, file.width, file.height, bounds):
        return Plan(file.mime, file.size, file.width, file.height)
    mime = _drawn_as(file.mime, bounds.mimes)
    if not mime:
        return Plan(file.mime, file.size, file.width, file.height, possible=False)
    left, top, right, bottom = crop_box(file.width, file.height, bounds)
    width, height = right - left, bottom - top
    steps: list[Step] = []
    if bounds.ratio is not None and not within(file.width, file.height, bounds.ratio):
        steps.append("cropped")
    if bounds.side and max(width, height) > bounds.side:
        scale = bounds.side / max(width, height)
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
        steps.append("smaller")
    if mime != file.mime:
        steps.append("converted")
    if bounds.bytes is not None and file.size > bounds.bytes:
        steps.append("lighter")
    if file.moving:
        steps.append("stands_still")
    refused = "too_narrow" if too_narrow(file.width, file.height, bounds) else ""
    return Plan(mime, 0, width, height, 0.0, tuple(steps), refused=refused)


def _drawn_as(mime: str, taken: tuple[str, ...]) -> str:
    """The type a picture is drawn anew in; "" where the channel takes none that we write. PNG stays for what is see-through,
    which only the making knows; so of a PNG the JPEG is told."""
    return next((one for one in DRAWN if not taken or one in taken), "")
