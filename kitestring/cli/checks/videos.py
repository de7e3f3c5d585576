"""Videos: whether ffmpeg is there and runs, by which they are looked into and converted."""

from __future__ import annotations

from collections.abc import Iterator

from kitestring.cli.checks.finding import Finding, note, well
from kitestring.kit.video.program import NoProgram, TooSlow, program, run

CURE = (
    "install ffmpeg, or name it in KITESTRING_FFMPEG; until then videos go out only where they fit as they are, and nobody "
    "knows their length"
)


def look() -> Iterator[Finding]:
    try:
        path = program()
        ended = run(["-version"], 20.0)
    except NoProgram:
        yield note("There is no ffmpeg here, so videos cannot be converted.", CURE)
        return
    except (TooSlow, OSError) as error:
        yield note(f"ffmpeg does not run: {error}.", CURE)
        return
    if ended.code != 0:
        yield note(f"{path} ends with {ended.code}.", CURE)
        return
    yield well(f"Videos are converted by {' '.join(ended.out.decode().split()[:3])}.")
