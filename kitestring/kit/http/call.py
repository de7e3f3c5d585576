"""One call as it is handed to the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yarl import URL

from kitestring.kit.values import value


@dataclass(frozen=True)
class Part:
    """One part of a multipart form: a text, bytes, or a file that is streamed from disk."""

    name: str
    value: str | bytes | Path
    filename: str = ""
    mime: str = ""


@value
class Call:
    """Times in seconds; at most one of `json`, `form`, `content` and `parts` is given."""

    method: str
    address: URL
    headers: Mapping[str, str]
    params: Mapping[str, str] | Sequence[tuple[str, str]] | None
    json: Any
    form: Mapping[str, str] | None
    content: bytes | Path | None
    parts: Sequence[Part] | None
    total: float
    connect: float
    max_bytes: int
