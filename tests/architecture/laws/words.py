"""The code of naming: one word for one thing. The words that are not used are data, in words.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.laws.findings import Finding


@dataclass(frozen=True)
class Word:
    """`pattern` is not how we call the thing; `use` is. `spare` are phrases in which the word means something else."""

    pattern: re.Pattern[str]
    use: str
    spare: tuple[str, ...]


def read(path: Path) -> list[Word]:
    rows = tomllib.loads(path.read_text("utf-8"))["words"]
    return [
        Word(re.compile(rf"\b(?:{row['not']})\b", re.IGNORECASE), row["use"], tuple(row.get("spare", ())))
        for row in rows
    ]


def misnamed(texts: Iterable[tuple[str, str]], words: Iterable[Word]) -> Iterator[Finding]:
    """(place, text) pairs whose text calls a thing by a word we do not use for it."""
    words = list(words)
    for place, text in texts:
        bare = re.sub(r"%\(\w+\)[sd]|\{\w*\}", "", text)
        for word in words:
            left = bare
            for phrase in word.spare:
                left = re.sub(re.escape(phrase), "", left, flags=re.IGNORECASE)
            found = word.pattern.search(left)
            if found:
                yield Finding(place, 0, f"{text!r} says {found[0]!r}; our word is {word.use!r}")
