"""Looks into a video: how long it really is, how large it is shown, how it is coded, whether it says more than it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kitestring.kit.video.boxes import says_more
from kitestring.kit.video.program import run, source

SECONDS: Final = 120.0
HEADER: Final = re.compile(r"Duration: (\d+):(\d\d):(\d\d\.\d+)")
PICTURE: Final = re.compile(r"Stream #0:\d+\S*: Video: (\w+)(.*)")
SIDES: Final = re.compile(r", (\d{1,5})x(\d{1,5})(?: \[SAR (\d+):(\d+))?")
RATE: Final = re.compile(r", ([\d.]+)(k?) fps")
PIXELS: Final = re.compile(r"\b((?:yuv|yuvj|gray|rgb|bgr|gbr|nv|p0)[a-z0-9]*)\b")
SOUND: Final = re.compile(r"Stream #0:\d+\S*: Audio: (\w+)")
TURNED: Final = re.compile(r"rotation of (-?[\d.]+) degrees")
REACHED: Final = re.compile(rb"out_time_us=(\d+)")
CUT: Final = ("partial file", "moov atom not found", "EOF while reading", "File ended prematurely")
NOTE: Final = re.compile(r"^\s+([^\s:][^:]*?)\s*: ?(.*)$", re.M)
STREAM: Final = re.compile(r"^\s*Stream #0:\d+\S*: (\w+)", re.M)
# What the box itself wants, and what programs write in it of themselves: by name, what may stand there.
SILENT: Final = {
    "major_brand": re.compile(r".{0,4}"),
    "minor_version": re.compile(r"\d*"),
    "compatible_brands": re.compile(r".*"),
    "vendor_id": re.compile(r".{4}|(\[0\]){4}"),
    "handler_name": re.compile(
        r"((Video|Sound)Handler|Core Media (Video|Audio)|(Video|Sound) Media Handler)?"
    ),
    "encoder": re.compile(r"Lav[cf][\d.]*( [\w-]+)?|Chrome|(QTmuxingAppL|l)ibWebM-[\d.]+|H\.264|HEVC"),
    "duration": re.compile(r"[\d:.]+"),
}


# Raised with every thing more that `tells` finds: files that were looked into before are looked into once more.
LOOK: Final = 1


class CannotRead(Exception):
    """`reason`: "broken" (cut off, or damaged) or "no_picture" (only sound, or nothing)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Film:
    """What a video is: seconds; sides in pixels as it is shown, upright; its codecs ("" for no sound); frames a second.

    `tells`: it says more than it shows: where, when, by whom or with what it was taken, a title, a remark, other tracks.
    """

    duration: float
    width: int
    height: int
    video: str
    pixels: str
    audio: str
    fps: float
    tells: bool = False

    @property
    def codecs(self) -> str:
        """ "h264 yuv420p aac": how it is coded, in one line."""
        return " ".join(part for part in (self.video, self.pixels, self.audio) if part)


def probe(path: Path, mime: str) -> Film:
    """Raises CannotRead, NoProgram, TooSlow. Every piece is read, none decoded: a length that is a lie is found out."""
    ended = run(
        [*source(path, mime), "-map", "0:V:0", "-map", "0:a:0?", "-c", "copy",
         "-f", "null", "-progress", "pipe:1", "-"],
        SECONDS,
    )  # fmt: skip
    head = ended.said.partition("Stream mapping:")[0].partition("Output #0")[0]
    shown = PICTURE.search(head)
    if any(word in ended.said for word in CUT):
        raise CannotRead("broken")
    if shown is None:
        raise CannotRead("no_picture" if SOUND.search(head) else "broken")
    if ended.code != 0:
        raise CannotRead("broken")
    width, height = _sides(shown[2], head)
    fps = _rate(shown[2])
    duration = _length(head, ended.out, fps)
    if not width or not height or duration <= 0:
        raise CannotRead("broken")
    pixels, sound = PIXELS.search(shown[2]), SOUND.search(head)
    return Film(
        duration=duration,
        width=width,
        height=height,
        video=shown[1],
        pixels=pixels[1] if pixels else "",
        audio=sound[1] if sound else "",
        fps=fps,
        tells=_says_more(head) or (mime != "video/webm" and says_more(path)),
    )


def _says_more(head: str) -> bool:
    """Any note that is not of the box itself, chapters, or a track that is neither the picture nor the sound."""
    tracks = STREAM.findall(head)
    if "Chapters:" in head or tracks.count("Video") > 1 or not {*tracks} <= {"Video", "Audio"}:
        return True
    for block in re.split(r"^\s+Metadata:$", head, flags=re.M)[1:]:
        notes = re.split(r"^\s+(?:Duration:|Stream #|Side data:|Chapters:)", block, maxsplit=1, flags=re.M)[0]
        for name, value in NOTE.findall(notes):
            if name.lower() not in SILENT or not SILENT[name.lower()].fullmatch(value.strip()):
                return True
    return False


def _sides(words: str, head: str) -> tuple[int, int]:
    """As it is shown: pixels that are not square made so, and turned as the camera was held."""
    found = SIDES.search(words)
    if found is None:
        return 0, 0
    width, height = int(found[1]), int(found[2])
    if found[3] and int(found[4]):
        width = round(width * int(found[3]) / int(found[4])) or width
    turned = TURNED.search(head)
    return (height, width) if turned and round(float(turned[1])) % 180 else (width, height)


def _rate(words: str) -> float:
    found = RATE.search(words)
    return float(found[1]) * (1000 if found[2] else 1) if found else 0.0


def _length(head: str, progress: bytes, fps: float) -> float:
    """Seconds: the header's word where the pieces bear it out, else how far they reach."""
    reached = max((int(us) for us in REACHED.findall(progress)), default=0) / 1_000_000
    reached += 1 / fps if fps else 0.04
    found = HEADER.search(head)
    said = int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0
    return round(said if abs(said - reached) < max(1.0, reached * 0.02) else reached, 3)
