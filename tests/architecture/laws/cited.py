"""What pages for readers cite of the product: its words in *italics*, and in **bold** where they begin like a name.

Bold that begins with a small letter is stress, and no citation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any, Final

CODE: Final = re.compile(r"^(?: {4}|\t).*$|`[^`]*`", re.MULTILINE)
MARKED: Final = re.compile(r"\*\*(?P<bold>[^*]+)\*\*|(?<!\*)\*(?P<italic>[^*]+)\*(?!\*)")
PLACEHOLDER: Final = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")
PARTED: Final = re.compile(r" [·›→] ")
FILLED: Final = r"\S+(?: \S+){0,2}"  # what a citation may have in a placeholder: up to three words
LEAST: Final = 4  # letters of its own that a text with placeholders has, so that it does not match everything


def cited(page: str) -> Iterator[str]:
    """Each name or sentence of the product that a page cites; of a way through several rooms each room."""
    for found in MARKED.finditer(CODE.sub("", page)):
        bold = found["bold"]
        if bold is None or bold.lstrip()[:1].isupper():
            yield from PARTED.split(_plain(bold or found["italic"]))


def english(table: Any) -> Iterator[str]:
    """Every text under a key `en`, however deep."""
    if isinstance(table, dict):
        for key, value in table.items():
            if key == "en" and isinstance(value, str):
                yield value
            else:
                yield from english(value)
    elif isinstance(table, list):
        for value in table:
            yield from english(value)


def english_of(toml: str) -> Iterator[str]:
    return english(tomllib.loads(toml))


class Said:
    """What the product says: whether it says this, with something, or three dots, where it has a placeholder."""

    def __init__(self, texts: Iterable[str]) -> None:
        plain = {_small(_plain(text)) for text in texts}
        self.whole = {text for text in plain if not PLACEHOLDER.search(text)}
        self.shapes = [
            re.compile(FILLED.join(map(re.escape, PLACEHOLDER.split(text))))
            for text in plain - self.whole
            if len(re.sub(r"\W", "", PLACEHOLDER.sub("", text))) >= LEAST
        ]

    def __contains__(self, words: str) -> bool:
        words = _small(words)
        return words in self.whole or any(shape.fullmatch(words) for shape in self.shapes)


def _plain(text: str) -> str:
    """On one line, without the mark it ends with; the dots of a citation stay."""
    flat = " ".join(text.split())
    return flat if flat.endswith("...") else flat.rstrip(".,:…")


def _small(text: str) -> str:
    """In the middle of a sentence a name may begin with a small letter."""
    return text[:1].lower() + text[1:]
