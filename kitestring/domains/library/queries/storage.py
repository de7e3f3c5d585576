"""Where files lie: under the media folder, named by their content."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def place_of(sha256: str, suffix: str) -> str:
    """The path of a content under the media folder."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}{suffix}"


def full_path(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative


class NoRoom(OSError):
    """The disk is full, or what may be kept on it is used up; nothing of the file is kept."""


class TooMuch(Exception):
    """More arrived than is taken; nothing of it is kept. `size`: how much had come by then, in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes and more")
        self.size = size


def receive(chunks: Iterable[bytes], most: int | None = None) -> tuple[Path, str, int]:
    """Write an upload to a temporary file beside its later place: (path, sha256, bytes).

    Raises TooMuch beyond `most`, NoRoom on a full disk.
    """
    try:
        return _written(chunks, most)
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom(error.errno, "no room for the file") from error
        raise


def _written(chunks: Iterable[bytes], most: int | None) -> tuple[Path, str, int]:
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        path = Path(file.name)
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                if most is not None and size > most:
                    raise TooMuch(size)
                file.write(chunk)
        except BaseException:  # a browser that hangs up leaves no half of a file behind
            path.unlink(missing_ok=True)
            raise
    return path, digest.hexdigest(), size


def keep(temporary: Path, relative: str) -> None:
    """Move a received file to its place, in one step; the same content twice is one file."""
    target = full_path(relative)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(temporary, target)
    target.chmod(0o640)


def scratch(suffix: str = "") -> Path:
    """An empty file beside where it may be kept, for who makes something of it; whoever asks removes what is not kept."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=suffix, delete=False) as file:
        return Path(file.name)


def measured(path: Path) -> tuple[str, int]:
    """(sha256, bytes) of a file that lies there already."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest(), path.stat().st_size
