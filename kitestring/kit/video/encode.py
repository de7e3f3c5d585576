"""Makes the MP4 that channels take of any video: H.264 and AAC, ready to be played while it loads, within bytes and sides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kitestring.kit.video.probe import CannotRead, Film
from kitestring.kit.video.program import run, source

SOUND: Final = 128_000  # bits a second
LEAST_SOUND: Final = 48_000
# Bits that a pixel of a frame needs at least to be worth looking at; below that the frame is made smaller.
PER_PIXEL: Final = 0.035
SMALLEST: Final = 240  # pixels of the shorter side
FASTEST: Final = 60.0  # frames a second
TRIES: Final = 4
ROOM: Final = 0.94  # of the bytes, for the pictures and the sound; the rest is the box around them
PLAYED: Final = frozenset({"h264"}), frozenset({"yuv420p", "yuvj420p"}), frozenset({"", "aac"})
FULL: Final = ("No space left on device", "Disk quota exceeded", "File too large")


class CannotShrink(Exception):
    """No size of this video that is worth looking at is small enough."""


class DiskFull(OSError):
    """There is no room for what is being made."""


@dataclass(frozen=True)
class Wanted:
    """What it has to fit into: bytes, longest side in pixels (None: no bound)."""

    bytes: int | None = None
    side: int | None = None


def played_everywhere(codecs: str) -> bool:
    """Whether what is coded so needs no coding anew: `codecs` as `Film.codecs`."""
    video, pixels, audio = ([*codecs.split(), "", "", ""])[:3]
    return video in PLAYED[0] and pixels in PLAYED[1] and audio in PLAYED[2]


def sides_within(width: int, height: int, side: int | None) -> tuple[int, int]:
    """The sides, scaled down to `side` where they are longer; even, as the coding wants them. Never larger."""
    scale = min(1.0, side / max(width, height)) if side else 1.0
    return max(2, int(width * scale) // 2 * 2), max(2, int(height * scale) // 2 * 2)


def encode(path: Path, mime: str, film: Film, wanted: Wanted, target: Path, seconds: float) -> None:
    """Write the MP4 to `target`. Where only the box is wrong its content is carried over as it is.

    Raises CannotShrink, CannotRead("broken"), DiskFull, NoProgram, TooSlow after `seconds` for each try.
    """
    if _carried_over(path, mime, film, wanted, target, seconds):
        return
    budget = _budget(wanted.bytes, film.duration)
    for _ in range(TRIES):
        size = _worth_it(film, wanted.side, budget)
        _run(_coding(path, mime, film, size, budget, target), seconds)
        made = target.stat().st_size
        if wanted.bytes is None or made <= wanted.bytes:
            return
        budget = int((budget or 0) * 0.92 * wanted.bytes / made)
    raise CannotShrink(str(path))


def _carried_over(path: Path, mime: str, film: Film, wanted: Wanted, target: Path, seconds: float) -> bool:
    small = wanted.side is None or max(film.width, film.height) <= wanted.side
    if not small or not played_everywhere(film.codecs):
        return False
    if wanted.bytes is not None and path.stat().st_size > wanted.bytes * 1.02:
        return False
    _run([*source(path, mime), *_streams(), "-c", "copy", *_box(target)], seconds)
    return wanted.bytes is None or target.stat().st_size <= wanted.bytes


def _run(arguments: list[str], seconds: float) -> None:
    ended = run(["-v", "error", *arguments], seconds)
    if any(word in ended.said for word in FULL):
        raise DiskFull(ended.said[-200:])
    if ended.code != 0:
        raise CannotRead("broken")


def _budget(most: int | None, duration: float) -> int | None:
    """Bits a second for pictures and sound together; None: as many as they need."""
    return int(most * 8 * ROOM / duration) if most is not None and duration > 0 else None


def _worth_it(film: Film, side: int | None, budget: int | None) -> tuple[int, int]:
    """The largest sides that the budget can fill. Raises CannotShrink."""
    width, height = sides_within(film.width, film.height, side)
    if budget is None:
        return width, height
    left = budget - _sound(film, budget)
    pixels = left / PER_PIXEL / min(film.fps or 25.0, FASTEST)
    if pixels < width * height:
        longest = int(max(width, height) * (max(0.0, pixels) / (width * height)) ** 0.5)
        width, height = sides_within(width, height, max(2, longest))
    if min(width, height) < min(SMALLEST, *sides_within(film.width, film.height, side)):
        raise CannotShrink(f"{budget} bits a second")
    return width, height


def _sound(film: Film, budget: int | None) -> int:
    if not film.audio:
        return 0
    return SOUND if budget is None else max(LEAST_SOUND, min(SOUND, budget // 8))


def _streams() -> list[str]:
    return ["-map", "0:V:0", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1"]


def _box(target: Path) -> list[str]:
    return ["-movflags", "+faststart", "-fflags", "+bitexact", "-f", "mp4", f"file:{target}"]


def _coding(
    path: Path, mime: str, film: Film, size: tuple[int, int], budget: int | None, target: Path
) -> list[str]:
    filters = [f"scale={size[0]}:{size[1]}", "setsar=1"]
    if film.fps > FASTEST:
        filters.append(f"fps={FASTEST:.0f}")
    sound = _sound(film, budget)
    rate = []
    if budget is not None:
        most = max(20_000, budget - sound)
        rate = ["-maxrate", str(most), "-bufsize", str(most)]
    return [
        *source(path, mime), *_streams(), "-vf", ",".join(filters),
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "21", *rate, "-pix_fmt", "yuv420p", "-threads", "2",
        "-c:a", "aac", "-ac", "2", "-b:a", str(sound or SOUND), *_box(target),
    ]  # fmt: skip
