"""A tiny real video for whoever tests with one: a moving test card, with a tone if asked."""

from __future__ import annotations

from pathlib import Path

from kitestring.kit.video.program import run

CODES = {".mp4": ("libx264", "aac"), ".mov": ("libx264", "aac"), ".webm": ("libvpx", "libopus")}


def film(
    path: Path,
    *,
    seconds: float = 1.0,
    width: int = 320,
    height: int = 240,
    sound: bool = True,
    noise: int = 0,
    more: tuple[str, ...] = (),
) -> Path:
    """Write a video of the kind that the path's ending says. `noise` (0 to 100) makes it heavy; `more`: words for ffmpeg.

    Raises NoProgram, RuntimeError where it cannot be made.
    """
    picture, tone = CODES[path.suffix]
    card = f"testsrc=size={width}x{height}:rate=25:duration={seconds}"
    if noise:
        card += f",noise=alls={noise}:allf=t"
    heard = ["-f", "lavfi", "-i", f"sine=duration={seconds}"] if sound else []
    coded = ["-c:a", tone] if sound else []
    ended = run(
        ["-v", "error", "-f", "lavfi", "-i", card, *heard, "-c:v", picture, "-pix_fmt", "yuv420p", *coded,
         "-map_metadata", "-1", *more, f"file:{path}"],
        60.0,
    )  # fmt: skip
    if ended.code != 0:
        raise RuntimeError(ended.said)
    return path
