"""Turns a plainly written article into safe HTML, and a channel's HTML back into plain text. The marks: see `marked`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from kitestring.connectorkit.marked import BARE, NAMED, PICTURE, PICTURE_ELSEWHERE, blocks, cells, under_head
from kitestring.connectorkit.whole_tags import whole_tags

_BOLD = re.compile(r"\*\*(?=\S)(.{1,500}?)(?<=\S)\*\*")
_ITALIC = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_MISREAD = re.compile(r"[\\\x00-\x20\x7f-\x9f]")  # browsers take "\" for "/", and leave controls out
_SPACES = re.compile(r"[ \t\r\f\v]+")
_BREAKS = {"br", "p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol", "pre"}
_SILENT = {"script", "style", "head", "template"}
Links = bool | Collection[str]


def to_html(
    text: str,
    *,
    links: Links = True,
    styles: Mapping[str, str] | None = None,
    picture: Callable[[str, str], str] | None = None,
) -> str:
    """`text` as HTML of p, br, h2-h4, ul, ol, li, blockquote, hr, table, strong, em and (with `links`) a; nothing else.

    `links`: whether addresses become links; with hosts, only those there, the others stay words. `styles`: what each
    element carries as its style. `picture` makes the HTML of a picture from its name and words; without it there are none.
    """
    maker = _Maker(links, styles or {}, picture or (lambda _name, _words: ""))
    return "\n".join(filter(None, (maker.block(kind, lines) for kind, lines in blocks(text))))


def beside(words: str, address: str) -> str:
    """An address that stays words, after those it belongs to: in brackets, of the full width after Chinese."""
    return f"{words}（{address}）" if words[-1:] > "\u2e7f" else f"{words} ({address})"


def link_stays(address: str, links: Links) -> bool:
    """Whether a link to this address is kept as a link. One that browsers read another way than we do never is."""
    if _MISREAD.search(address):
        return False
    if isinstance(links, bool):
        return links
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if "@" in parts.netloc:  # it shows one host and leads to another
        return False
    return any(host == one or host.endswith(f".{one}") for one in links)


class _Maker:
    def __init__(self, links: Links, styles: Mapping[str, str], picture: Callable[[str, str], str]) -> None:
        self.links = links
        self.styles = styles
        self.picture = picture

    def opened(self, tag: str, kind: str = "") -> str:
        style = self.styles.get(kind or tag)
        return f'<{tag} style="{escape(style)}">' if style else f"<{tag}>"

    def anchor(self, address: str, words: str) -> str:
        style = self.styles.get("a")
        return f'<a href="{address}"' + (f' style="{escape(style)}"' if style else "") + f">{words}</a>"

    def put(self, tag: str, inner: str, kind: str = "") -> str:
        return f"{self.opened(tag, kind)}{inner}</{tag}>"

    def block(self, kind: str, lines: list[str]) -> str:
        if kind == "picture":
            found = PICTURE.fullmatch(lines[0])
            return self.picture(found[2], found[1].strip()) if found else ""
        if kind == "hr":
            return self.opened("hr")
        if kind == "table":
            return self.table(lines)
        inner = [self.inline(line) for line in lines]
        if kind in {"ul", "ol"}:
            return self.put(kind, "".join(self.put("li", line) for line in inner))
        if kind == "blockquote":
            return self.put(kind, self.put("p", "<br>".join(inner), "quoted"))
        return self.put(kind, "<br>".join(inner)) if any(inner) else ""

    def table(self, lines: list[str]) -> str:
        """The first line is the head where a line of `---` follows it."""
        headed = len(lines) > 1 and under_head(lines[1])
        rows = [line for place, line in enumerate(lines) if not (place and under_head(line))]
        made = []
        for place, row in enumerate(rows):
            tag = "th" if headed and not place else "td"
            made.append(self.put("tr", "".join(self.put(tag, self.inline(one)) for one in cells(row))))
        return self.put("table", self.put("tbody", "".join(made)))

    def inline(self, line: str) -> str:
        """Marks inside a line. Addresses are taken out first, so that a `*` in one is never read as a mark."""
        kept: list[str] = []

        def keep(html: str) -> str:
            kept.append(html)
            return f"\x00{len(kept) - 1}\x00"

        def named(found: re.Match[str]) -> str:
            words, address = escape(found[1]), escape(found[2])
            if link_stays(found[2], self.links):
                return keep(self.anchor(address, words))
            return keep(words if found[1] == found[2] else beside(words, address))

        def bare(found: re.Match[str]) -> str:
            address = found[0].rstrip(".,;:!?)*")
            shown = escape(address)
            rest = found[0][len(address) :]
            linked = link_stays(address, self.links)
            return keep(self.anchor(shown, shown) if linked else shown) + rest

        # A picture that lies elsewhere does not come along; `checking_article` has said so.
        line = PICTURE_ELSEWHERE.sub("", line.replace("\x00", ""))
        line = BARE.sub(bare, NAMED.sub(named, line))
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
    reader.feed(whole_tags(html))
    reader.close()
    lines = [_SPACES.sub(" ", line).strip() for line in "".join(reader.words).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
