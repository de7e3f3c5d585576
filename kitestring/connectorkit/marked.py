"""Reads the marks of an article: which lines belong together and what they are, and where pictures stand.

The marks are the few people type without thinking: blank lines, `# heading`, `- list`, `1. list`, `> quote`, `**bold**`,
`*italic*`, `[words](https://...)`, `| a | table |`, a line of `---`, and bare addresses. A picture stands on a line of its
own as `![words](file:name)`; `name` is `Media.name`, by which the post carries the file. Everything else is text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final
from uuid import UUID

_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_BULLET = re.compile(r"[-*•]\s+(.+)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.+)")
_QUOTE = re.compile(r">\s?(.*)")
_RULE = re.compile(r"-{3,}")
_ROW = re.compile(r"\|(.+)\|")
_ONLY_A_MARK = re.compile(r"[-*•>|]|\d{1,3}[.)]|#{1,3}")
_UNDER_HEAD = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+")
# A mark is no longer than this, so that a text of nothing but brackets is read in a breath.
PICTURE: Final = re.compile(r"!\[([^\]\n]{0,300})\]\(file:([0-9a-z]{1,32})\)")
PICTURE_ELSEWHERE: Final = re.compile(r"!\[([^\]\n]{0,300})\]\((https?://[^\s()<>\"]{1,2000})\)")
WORDS, ADDRESS = 300, 2000  # letters of a named link's two parts
NAMED: Final = re.compile(rf"(?<!!)\[([^\]\n]{{1,{WORDS}}})\]\((https?://[^\s()<>\"]{{1,{ADDRESS}}})\)")
# Not the zeros either: `articles` puts them around what it has taken out of the line.
BARE: Final = re.compile(r"https?://[^\s\x00<>\"'，。；！？、（）【】《》]+")
# What stands alone: the next line of the same kind begins another block.
_ALONE: Final = ("h2", "h3", "h4", "hr", "picture")
NAME: Final = 12  # letters of a file's id that name it in a text: the random end of a UUID of version 7


def picture_name(file: UUID | str) -> str:
    """How a text names this file; unique among the files of a post."""
    return str(file).replace("-", "")[-NAME:]


def pictures_in(text: str) -> list[str]:
    """The names of the pictures placed in it, in order, each as often as it stands there."""
    return [found[2] for found in PICTURE.finditer(text)]


def without_pictures(text: str) -> str:
    """The words alone, no line left empty where a picture stood."""
    return re.sub(r"\n{3,}", "\n\n", PICTURE.sub("", text)).strip() if "](file:" in text else text


def unplaced(names: Collection[str], text: str, cover: int | None = 0) -> list[int]:
    """The places of the files that follow the text: all but the cover, which is the first, and those placed in it."""
    placed = set(pictures_in(text))
    return [place for place, name in enumerate(names) if place != cover and (not name or name not in placed)]


def blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Neighbouring lines of one kind ("p", "h2".."h4", "ul", "ol", "blockquote", "hr", "table", "picture"), their marks off."""
    kind, lines = "", list[str]()
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        for found, line in _kinds(raw.strip()):
            if lines and (found != kind or found in _ALONE):
                yield kind, lines
                lines = []
            if found:
                lines.append(line)
            kind = found
    if lines:
        yield kind, lines


def cells(row: str) -> list[str]:
    """What stands between the strokes of a table's line."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def under_head(row: str) -> bool:
    """Whether this line of a table only says that the one above it is its head."""
    return _UNDER_HEAD.fullmatch(f"|{row}|") is not None


def _kinds(line: str) -> Iterator[tuple[str, str]]:
    """The line as what it is; one with pictures among its words as several."""
    at = 0
    for found in PICTURE.finditer(line):
        words = line[at : found.start()].strip()
        if words and not _ONLY_A_MARK.fullmatch(words):
            yield _kind(words)
        yield "picture", found[0]
        at = found.end()
    if (rest := line[at:].strip()) or not at:
        yield _kind(rest)


def _kind(line: str) -> tuple[str, str]:
    if not line:
        return "", ""
    if heading := _HEADING.fullmatch(line):
        return f"h{len(heading[1]) + 1}", heading[2]
    if _RULE.fullmatch(line):
        return "hr", ""
    for kind, pattern in (("ul", _BULLET), ("ol", _NUMBERED), ("blockquote", _QUOTE), ("table", _ROW)):
        if marked := pattern.fullmatch(line):
            return kind, marked[1]
    return "p", line


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text between its pictures, and the pictures: (words, "") or ("", name), in order, none of them empty."""
    at = 0
    for found in PICTURE.finditer(text):
        if words := text[at : found.start()].strip():
            yield words, ""
        yield "", found[2]
        at = found.end()
    if rest := text[at:].strip():
        yield rest, ""
