"""Turns a plainly written article into safe HTML, and a channel's HTML back into plain text.

The marks understood are the few people type without thinking: blank lines, `# heading`, `- list`, `1. list`,
`> quote`, `**bold**`, `*italic*`, `[words](https://...)` and bare addresses. Everything else is text and is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser

_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_BULLET = re.compile(r"[-*•]\s+(.+)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.+)")
_QUOTE = re.compile(r">\s?(.*)")
_NAMED = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s()<>\"]+)\)")
_BARE = re.compile(r"https?://[^\s<>\"'，。；！？、（）【】《》]+")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_BREAKS = {"br", "p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol", "pre"}
_SILENT = {"script", "style", "head", "template"}


def to_html(text: str, *, links: bool = True) -> str:
    """`text` as HTML of p, br, h2-h4, ul, ol, li, blockquote, strong, em and (with `links`) a; nothing else."""
    return "\n".join(_block(kind, lines, links) for kind, lines in _blocks(text))


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """Neighbouring lines of one kind ("p", "h2".."h4", "ul", "ol", "blockquote"), their marks taken off."""
    kind, lines = "", list[str]()
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        found, line = _kind(raw.strip())
        if lines and (found != kind or found.startswith("h")):
            yield kind, lines
            lines = []
        if found:
            lines.append(line)
        kind = found
    if lines:
        yield kind, lines


def _kind(line: str) -> tuple[str, str]:
    if not line:
        return "", ""
    if heading := _HEADING.fullmatch(line):
        return f"h{len(heading[1]) + 1}", heading[2]
    for kind, pattern in (("ul", _BULLET), ("ol", _NUMBERED), ("blockquote", _QUOTE)):
        if marked := pattern.fullmatch(line):
            return kind, marked[1]
    return "p", line


def _block(kind: str, lines: list[str], links: bool) -> str:
    inner = [_inline(line, links) for line in lines]
    if kind in {"ul", "ol"}:
        return f"<{kind}>" + "".join(f"<li>{line}</li>" for line in inner) + f"</{kind}>"
    if kind == "blockquote":
        return f"<blockquote><p>{'<br>'.join(inner)}</p></blockquote>"
    return f"<{kind}>{'<br>'.join(inner)}</{kind}>"


def _inline(line: str, links: bool) -> str:
    """Marks inside a line. Addresses are taken out first, so that a `*` in one is never read as a mark."""
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\x00{len(kept) - 1}\x00"

    def named(found: re.Match[str]) -> str:
        words, address = escape(found[1]), escape(found[2])
        return keep(f'<a href="{address}">{words}</a>' if links else f"{words} ({address})")

    def bare(found: re.Match[str]) -> str:
        address = found[0].rstrip(".,;:!?)*")
        shown = escape(address)
        rest = found[0][len(address) :]
        return keep(f'<a href="{shown}">{shown}</a>' if links else shown) + rest

    line = _BARE.sub(bare, _NAMED.sub(named, line.replace("\x00", "")))
    line = escape(line, quote=False)
    line = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", line))
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], line)


class _Reader(HTMLParser):
    """Collects the words of HTML; scripts and styles are silent, blocks break the line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in {"p", "blockquote", "ul", "ol"}:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data.replace("\n", " "))


def to_text(html: str) -> str:
    """The words of `html`, one line a block, paragraphs apart by a blank line; never a tag or an entity."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(reader.words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
