"""Finds in pasted HTML what does not come along: what channels strip from articles, and what an article's marks cannot say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from typing import Final

from kitestring.connectorkit.sentences import sentence

SHOWN: Final = 40  # letters of the words beside what was left
_TAGS: Final = {
    "script": "pasted_script",
    "style": "pasted_sheet",
    "iframe": "pasted_film",
    "video": "pasted_film",
    "audio": "pasted_film",
    "object": "pasted_film",
    "embed": "pasted_film",
    "form": "pasted_form",
    "input": "pasted_form",
    "button": "pasted_form",
    "select": "pasted_form",
    "textarea": "pasted_form",
    "svg": "pasted_drawing",
    "canvas": "pasted_drawing",
    "font": "pasted_looks",
    "marquee": "pasted_moving",
}
_LOOKS: Final = re.compile(
    r"(?:^|;)\s*(?:color|background(?:-color)?|font-(?:size|family)|font|border(?:-\w+)?|box-shadow)\s*:"
)
_MOVING: Final = re.compile(
    r"(?:^|;)\s*(?:position\s*:\s*(?:absolute|fixed|sticky)|float\s*:|transform\s*:|animation[\w-]*\s*:|margin[\w-]*\s*:[^;]*-\d)"
)
_BACKDROP: Final = re.compile(r"background(?:-image)?\s*:[^;]*url\(")
# They have no end; a paragraph, a line and a cell may go without theirs, so depth is counted too high rather than too low.
_VOID: Final = {"br", "hr", "img", "input", "link", "meta", "col", "wbr", "source", "embed", "area", "base"}
_SILENT: Final = {"script", "style", "title", "noscript", "template"}


def web_address(href: str) -> str:
    """The address as an article's marks can hold it: what would end the mark in it is written with %; "" for no web address."""
    plain = re.sub(r"[\t\r\n]", "", href).strip()
    scheme, _, rest = plain.partition("://")
    if scheme.lower() not in {"http", "https"} or not rest:
        return ""
    return f"{scheme.lower()}://" + re.sub(r"[\s()<>\"\x00]", lambda found: _coded(found[0]), rest)


def _coded(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode())


@dataclass(frozen=True)
class Left:
    """One sort of thing that stayed behind, how often, and the words at the first of them."""

    reason: str
    count: int = 1
    words: str = ""

    def told(self, language: str) -> str:
        """What, why, and what to do instead."""
        key = self.reason if self.words else f"{self.reason}_somewhere"
        return sentence(key, {"count": self.count, "words": self.words}, language)


def left_in(html: str) -> tuple[list[Left], int]:
    """Each sort once, in the order of their first places; and how deep its elements lie in each other."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return list(reader.left.values()), reader.deepest


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.left: dict[str, Left] = {}
        self.silent = 0
        self.depth, self.deepest = 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for reason, words in _reasons(tag, given):
            known = self.left.get(reason)
            self.left[reason] = replace(known, count=known.count + 1) if known else Left(reason, 1, words)
        self.silent += tag in _SILENT
        self.depth += tag not in _VOID
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _SILENT))
        self.depth = max(0, self.depth - (tag not in _VOID))

    def handle_data(self, data: str) -> None:
        """The next words name the place of what has no words of its own."""
        words = " ".join(data.split())
        if self.silent or not words:
            return
        for reason, one in self.left.items():
            if not one.words:
                self.left[reason] = replace(one, words=_short(words))


def _reasons(tag: str, given: dict[str, str]) -> Iterator[tuple[str, str]]:
    if tag in _TAGS and not (tag == "input" and given.get("type") == "hidden"):
        yield _TAGS[tag], ""
    if any(name.startswith("on") for name in given) or "javascript:" in given.get("href", "").lower():
        yield "pasted_script", ""
    elif tag == "a" and given.get("href", "").strip() and not web_address(given["href"]):
        yield "pasted_link", ""
    if tag == "img":
        address = given.get("src", "") or given.get("data-src", "")
        told = _short(given.get("alt", "") or given.get("title", ""))
        yield ("pasted_picture_elsewhere" if address.startswith("http") else "pasted_picture"), told
    if given.get("colspan", "1") != "1" or given.get("rowspan", "1") != "1":
        yield "pasted_merged", ""
    style = given.get("style", "").lower()
    if _BACKDROP.search(style):
        yield "pasted_picture", ""
    if _MOVING.search(style):
        yield "pasted_moving", ""
    elif _LOOKS.search(style):
        yield "pasted_looks", ""


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
