"""Where a fact was read, for a reader: the source's words, with the addresses in them as links that are short to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# A host, a slash and a path: "lexicon app.bsky.feed.post" and "constants.py" are none.
ADDRESS: Final = re.compile(r"(?<![\w@./-])(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s;,()]*[^\s;,():.]")
SEGMENTS: Final = 2  # of a path, shown as they are


def source_parts(source: str) -> Iterator[tuple[str, str]]:
    """(text, address) of each piece in order; address is "" for what is no link."""
    end = 0
    for found in ADDRESS.finditer(source):
        if found.start() > end:
            yield source[end : found.start()], ""
        yield _short(found[0]), f"https://{found[0]}"
        end = found.end()
    if end < len(source):
        yield source[end:], ""


def _short(address: str) -> str:
    host, *path = address.split("/")
    return address if len(path) <= SEGMENTS else f"{host}/…/{path[-1]}"
