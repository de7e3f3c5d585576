"""Runs ffmpeg: found once, bounded in time, quiet to what is being sent beside it, and never on the network."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import imageio_ffmpeg

# Which reader a media type needs. It is named, so that no list of other files or addresses is ever followed.
READERS: Final = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
}
NICE: Final = 10  # sending goes before making
SAID: Final = 20_000  # letters of what it said that are looked at


class NoProgram(Exception):
    """There is no ffmpeg here: the package brought none for this kind of machine, and none is on the path."""


class TooSlow(Exception):
    """It took longer than it was given, and was ended."""


class Stopped(Exception):
    """It was ended because this process is leaving."""


_ours: dict[int, subprocess.Popen[bytes]] = {}
_ended: set[int] = set()


@dataclass(frozen=True)
class Ended:
    """How a run came to its end: its exit code, what it wrote, what it said."""

    code: int
    out: bytes
    said: str


def program() -> str:
    """The path of ffmpeg: `KITESTRING_FFMPEG`, else the one the package brings, else the one on the path. Raises NoProgram."""
    if chosen := os.environ.get("KITESTRING_FFMPEG"):
        found = shutil.which(chosen)
        if found is None:
            raise NoProgram(chosen)
        return found
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise NoProgram("ffmpeg") from error


def source(path: Path, mime: str) -> list[str]:
    """The arguments that read this file as what it is, and nothing else. Raises KeyError for what is no video."""
    return ["-protocol_whitelist", "file", "-f", READERS[mime], "-i", f"file:{path}"]


def run(arguments: list[str], seconds: float) -> Ended:
    """Run it to its end. Raises NoProgram, Stopped, TooSlow after `seconds`; whatever ends this, ends it too.

    It counts its own seconds of work as well, so that it ends even where this process was killed.
    """
    limit = str(max(1, int(seconds) * (os.cpu_count() or 1)))
    command = [program(), "-hide_banner", "-nostdin", "-y", "-timelimit", limit, *arguments]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/"
    )
    _ours[process.pid] = process
    with suppress(OSError):  # it may be over already
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    try:
        out, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise TooSlow(f"{seconds} s") from error
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
        del _ours[process.pid]
    if process.pid in _ended:
        _ended.discard(process.pid)
        raise Stopped
    return Ended(process.returncode, out, said.decode("utf-8", "replace")[:SAID])


def under_way() -> tuple[int, ...]:
    """The ids of what this process runs."""
    return tuple(_ours)


def end_all() -> None:
    """End what this process runs, each by its id; `run` then raises Stopped. For who is leaving."""
    for pid, process in list(_ours.items()):
        _ended.add(pid)
        process.kill()
