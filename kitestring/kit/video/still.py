"""One picture out of a video, as a JPEG."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kitestring.kit.video.probe import CannotRead
from kitestring.kit.video.program import run, source

SECONDS: Final = 60.0


def still(path: Path, mime: str, *, at: float = 0.0, side: int | None = None) -> bytes:
    """The picture shown `at` seconds (the first where there is none), its longest side at most `side` pixels.

    Raises CannotRead("broken") where no picture can be unpacked, NoProgram, TooSlow.
    """
    for moment in dict.fromkeys((at, 0.0)):
        skip = ["-ss", f"{moment:.3f}"] if moment > 0 else []
        ended = run([*skip, *source(path, mime), *_one(side)], SECONDS)
        if ended.code == 0 and ended.out:
            return ended.out
    raise CannotRead("broken")


def _one(side: int | None) -> list[str]:
    size = f"min(1,{side}/max(iw*sar,ih))" if side else "1"
    scale = f"scale='max(1,trunc(iw*sar*{size}))':'max(1,trunc(ih*{size}))',setsar=1"
    return [
        "-map", "0:V:0", "-frames:v", "1", "-vf", scale, "-map_metadata", "-1", "-fflags", "+bitexact",
        "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "3", "-f", "image2pipe", "pipe:1",
    ]  # fmt: skip
