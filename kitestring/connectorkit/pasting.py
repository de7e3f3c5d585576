"""Reads HTML that somebody pastes (from Word, a web page, a layout editor) into an article's marks, and says what was left.

The words all come along. What the marks cannot say, or a channel would strip, stays behind and is told with its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import nh3

from kitestring.connectorkit.articles import beside, to_text
from kitestring.connectorkit.marked import ADDRESS, WORDS
from kitestring.connectorkit.pasting_left import Left, left_in, web_address
from kitestring.connectorkit.whole_tags import whole_tags

_HEADS: Final = {"h1": "# ", "h2": "# ", "h3": "## ", "h4": "### ", "h5": "### ", "h6": "### "}
_BLOCKS: Final = frozenset(("p", "div", "section", "article", "pre", "figcaption", "dt", "dd"))
_LISTS: Final = frozenset(("ul", "ol", "li", "blockquote", "hr", "br", "table", "tr", "th", "td"))
KEPT: Final = frozenset((*_HEADS, *_BLOCKS, *_LISTS, "strong", "b", "em", "i", "span", "a", "img"))
_GONE: Final = frozenset(
    ("script", "style", "title", "noscript", "template", "svg", "iframe", "select", "option")
)
# Elements in each other. A browser's way of reading takes the square of it; layout editors reach thirty.
DEEPEST: Final = 4000
MOST_CELLS: Final = 20_000  # a ragged table is filled up to its widest row
_BULLET: Final = re.compile(r"^[·•▪§o‣●-]\s+")
_BLANKS: Final = re.compile(r"[ \t\r\n\f\xa0\u200b]+")


@dataclass(frozen=True)
class Pasted:
    """`text` in an article's marks; `left`: what did not come along."""

    text: str
    left: list[Left]


def read(html: str) -> Pasted:
    """Whatever came in; broken HTML is read as a browser reads it. What lies too deep to be read so gives its plain words."""
    html = whole_tags(html)
    left, depth = left_in(html)
    if depth > DEEPEST:
        return Pasted(to_text(html), left)
    kept = nh3.clean(
        html,
        tags=set(KEPT),
        clean_content_tags=set(_GONE),
        attributes={"*": {"style"}, "a": {"href"}, "img": {"src", "alt"}},
        filter_style_properties={"font-weight", "font-style", "mso-list"},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(kept)
    writer.close()
    return Pasted(writer.whole(), left)


@dataclass
class _Run:
    words: str
    bold: bool = False
    soft: bool = False
    link: str = ""


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    headed: bool = False


class _Writer(HTMLParser):
    """One line of marks after the other; `blocks` are (kind, line), neighbours of a list's kind stay together."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self.runs: list[_Run] = []
        self.open: list[tuple[str, bool, bool]] = []
        self.bold, self.soft, self.kept = 0, 0, 0
        self.lists: list[tuple[str, int]] = []
        self.tables: list[_Table] = []
        self.kind = "p"
        self.link = ""
        self.quoted = 0
        self.word_list = False

    # What comes in

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _HEADS or tag in _BLOCKS or tag in {"ul", "ol", "li", "blockquote", "hr", "table"}:
            self.end_line()
        style = given.get("style", "").replace(" ", "").lower()
        if tag not in {"br", "hr", "img"}:
            self.push(tag, _bold(tag, style), _soft(tag, style), 1)
        if tag == "br":
            self.runs.append(_Run("\n"))
        elif tag == "img":
            self.picture(given)
        elif tag == "hr":
            self.blocks.append(("hr", "---"))
        elif tag == "a":
            self.link = web_address(given.get("href", ""))
        else:
            self.begin(tag, style)

    def push(self, tag: str, bold: bool, soft: bool, by: int) -> None:
        """One more of it open, or one less."""
        if by > 0:
            self.open.append((tag, bold, soft))
        self.bold += by * bold
        self.soft += by * soft
        self.kept += by * (tag == "pre")

    def begin(self, tag: str, style: str) -> None:
        if tag in _HEADS:
            self.kind = tag
        elif tag in {"ul", "ol"}:
            self.lists.append((tag, 0))
        elif tag == "li":
            self.kind = "li"
            if self.lists:
                self.lists[-1] = (self.lists[-1][0], self.lists[-1][1] + 1)
        elif tag == "blockquote":
            self.quoted += 1
        elif tag == "table":
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        elif tag in {"td", "th"} and self.tables:
            self.tables[-1].headed |= tag == "th" and len(self.tables[-1].rows) == 1
        elif tag == "p":
            self.word_list = "mso-list:" in style and "mso-list:none" not in style

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self.tables and self.tables[-1].rows:
            self.tables[-1].rows[-1].append(_written(self.runs, flat=True).replace("|", "¦"))
            self.runs = []
        elif tag in _HEADS or tag in _BLOCKS or tag in {"ul", "ol", "li", "blockquote", "table"}:
            self.end_line()
        # What nh3 gives is well-formed: each end is that of the last one open.
        if self.open and self.open[-1][0] == tag:
            self.push(*self.open.pop(), -1)
        if tag == "a":
            self.link = ""
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
        elif tag == "table" and self.tables:
            self.end_table(self.tables.pop())
        if tag == "li" or tag in _HEADS:
            self.kind = "p"

    def handle_data(self, data: str) -> None:
        bold, soft = self.bold > 0, self.soft > 0
        lines = data.split("\n") if self.kept else [data]
        for place, line in enumerate(lines):
            if place:
                self.runs.append(_Run("\n"))
            self.runs.append(_Run(_BLANKS.sub(" ", line), bold, soft, self.link))

    def picture(self, given: dict[str, str]) -> None:
        """One on the web leaves its mark, so that whoever pastes sees where it stood; others leave nothing to place."""
        address = web_address(given.get("src", ""))
        if not address or self.tables:
            return
        self.end_line()
        words = re.sub(r"[\[\]\s]+", " ", given.get("alt", "")).strip()
        self.blocks.append(("picture", f"![{words}]({address})"))

    # What comes out

    def end_line(self) -> None:
        if self.tables:
            self.runs.append(_Run(" "))
            return
        plain = self.kind in _HEADS
        line = _written(self.runs, flat=plain or self.kind == "li", plain=plain)
        self.runs = []
        if not line:
            return
        if self.kind in _HEADS:
            self.blocks.append((self.kind, _HEADS[self.kind] + line))
        elif self.kind == "li":
            sort, number = self.lists[-1] if self.lists else ("ul", 0)
            self.blocks.append((sort, f"{number}. {line}" if sort == "ol" else f"- {line}"))
            self.kind = "p"
        elif self.quoted:
            self.blocks.append(("blockquote", "\n".join(f"> {one}" for one in line.split("\n"))))
        elif self.word_list:
            numbered = re.match(r"\d{1,3}[.)]\s+", line)
            self.blocks.append(("ol", line) if numbered else ("ul", "- " + _BULLET.sub("", line)))
            self.word_list = False
        else:
            self.blocks.append(("p", line))

    def end_table(self, table: _Table) -> None:
        """As a table; what only lays out a page in one column as its paragraphs."""
        rows = [row for row in table.rows if any(row)]
        if self.tables:
            self.runs.append(_Run(" ".join(cell for row in rows for cell in row if cell) + " "))
            return
        wide = max((len(row) for row in rows), default=0)
        if wide < 2 or wide * len(rows) > MOST_CELLS:
            self.blocks += [("p", cell) for row in rows for cell in row if cell]
            return
        lines = ["| " + " | ".join([*row, *[""] * (wide - len(row))]) + " |" for row in rows]
        if table.headed:
            lines.insert(1, "|" + " --- |" * wide)
        self.blocks.append(("table", "\n".join(lines)))

    def whole(self) -> str:
        """All lines, a blank one between blocks of another kind."""
        self.end_line()
        made, before = "", ""
        for kind, line in self.blocks:
            together = kind == before and kind in {"ul", "ol", "blockquote"}
            made += ("\n" if together else "\n\n") + line if made else line
            before = kind
        return made


def _bold(tag: str, style: str) -> bool:
    if "font-weight:" not in style:
        return tag in {"b", "strong"}
    weight = style.split("font-weight:", 1)[1].split(";")[0]
    return weight in {"bold", "bolder"} or (weight.isdigit() and int(weight) >= 600)


def _soft(tag: str, style: str) -> bool:
    return tag in {"i", "em"} if "font-style:" not in style else "font-style:italic" in style


def _written(runs: list[_Run], *, flat: bool = False, plain: bool = False) -> str:
    """The runs of a line with their marks. `flat`: in one line; `plain`: without bold and soft, as in a heading."""
    joined: list[_Run] = []
    for run in runs:
        words = run.words.replace("\n", " ") if flat else run.words
        last = joined[-1] if joined else None
        if last and (last.bold, last.soft, last.link) == (run.bold, run.soft, run.link) and words != "\n":
            last.words += words
        else:
            joined.append(_Run(words, run.bold, run.soft, run.link))
    line = "".join(_marked(run, plain) for run in joined)
    return re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", line)).strip()


def _marked(run: _Run, plain: bool) -> str:
    words = run.words.strip(" ")
    if not words or words == "\n":
        return run.words
    before = " " if run.words.startswith(" ") else ""
    after = " " if run.words.endswith(" ") else ""
    if run.link and words != run.link:
        named = re.sub(r"[\[\]\n]+", " ", words)
        fits = len(named) <= WORDS and len(run.link) <= ADDRESS
        words = f"[{named}]({run.link})" if fits else beside(words, run.link)
    if run.bold and not plain and "\n" not in words:
        words = f"**{words}**"
    if run.soft and not plain and not run.bold and "\n" not in words:
        words = f"*{words}*"
    return before + words + after
