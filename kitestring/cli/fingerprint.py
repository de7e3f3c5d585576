"""One short text that stands for the schema this version wants; it changes when any migration does."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

import kitestring

LIBRARIES_WITH_TABLES = ("django", "django-allauth", "procrastinate")
PACKAGE = Path(kitestring.__file__).parent


def fingerprint() -> str:
    """Of our migrations' contents and of the versions of the libraries that bring their own."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("domains/*/migrations/*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    for name in LIBRARIES_WITH_TABLES:
        digest.update(f"{name} {version(name)}\0".encode())
    return digest.hexdigest()
