"""Prints one digest of files, by name and content: those named as arguments or on standard input; folders in full.

Python alone, no package of ours: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

LEFT_OUT = {"node_modules", "static", "migrations", "__pycache__", "tests", ".git"}
# What a build reads of a folder (icons are named in Python too): scripts, templates, styles, pictures, never what it makes.
READ = {".py", ".html", ".css", ".ts", ".js", ".mjs", ".json", ".svg", ".toml", ".woff2", ".png", ".lock"}


def files(names: Iterable[str]) -> Iterator[Path]:
    """The files named, and those below the folders named, in a fixed order."""
    for name in names:
        path = Path(name)
        if path.is_dir():
            found = (p for p in path.rglob("*") if p.suffix in READ and not LEFT_OUT & set(p.parts))
            yield from sorted(p for p in found if p.is_file())
        elif path.is_file():
            yield path


def digest(names: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for path in files(names):
        whole.update(path.as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


if __name__ == "__main__":
    named = sys.argv[1:] or [line.rstrip("\n") for line in sys.stdin if line.strip()]
    sys.stdout.write(digest(named) + "\n")
