"""Where files lie: under the media folder, named by their content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def place_of(sha256: str, suffix: str) -> str:
    """The path of a content under the media folder."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}{suffix}"


def full_path(relative: str) -> Path:
    return Path(settings.MEDIA_ROOT) / relative


class TooMuch(Exception):
    """More arrived than is taken; nothing of it is kept. `size`: how much had come by then, in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes and more")
        self.size = size


def receive(chunks: Iterable[bytes], most: int | None = None) -> tuple[Path, str, int]:
    """Write an upload to a temporary file beside its later place: (path, sha256, bytes). Raises TooMuch beyond `most`."""
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
