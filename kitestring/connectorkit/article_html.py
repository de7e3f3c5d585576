"""Makes the HTML of an article as one channel keeps it, from the marks it was written in.

The same function serves the sending and the preview, with other addresses for the pictures: what is shown is what leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final, Protocol

import nh3

from kitestring.connectorkit.articles import to_html
from kitestring.connectorkit.facts import ArticleFacts
from kitestring.connectorkit.manifest import PublishKind
from kitestring.connectorkit.marked import unplaced

# As short as may be: on some channels every letter of them counts against the article's own.
STYLES: Final = {
    "section": "font-size:16px;line-height:1.75;color:#333",
    "p": "margin:0 0 1.2em",
    "h2": "margin:1.6em 0 .8em;font-size:20px;line-height:1.4",
    "h3": "margin:1.4em 0 .6em;font-size:17px;line-height:1.4",
    "h4": "margin:1.2em 0 .4em;font-size:16px",
    "blockquote": "margin:0 0 1.2em;padding:.1em 0 .1em 1em;border-left:3px solid #ccc;color:#666",
    "quoted": "margin:0",
    "ul": "margin:0 0 1.2em;padding-left:1.5em",
    "ol": "margin:0 0 1.2em;padding-left:1.5em",
    "hr": "margin:2em 30%;border:0;border-top:1px solid #ccc",
    "table": "margin:0 0 1.2em;width:100%;border-collapse:collapse",
    "th": "padding:.4em .6em;border:1px solid #ddd;background:#f7f7f7;text-align:left",
    "td": "padding:.4em .6em;border:1px solid #ddd",
    "img": "display:block;margin:0 auto;max-width:100%",
    "a": "color:#576b95",
}
MARK: Final = "file-"  # before a placed file's name, as the class of its figure
BLOCKS: Final = ("section", "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "figure")
TAGS: Final = frozenset((*BLOCKS, "table", "tbody", "tr", "th", "td", "br", "strong", "em", "a", "img"))
FILMED: Final = frozenset(("video", "figcaption"))  # beside these, where a channel keeps videos
PROPERTIES: Final = frozenset(
    part.split(":")[0] for style in STYLES.values() for part in style.split(";") if part
)


class Placed(Protocol):
    """What is known of a file here."""

    @property
    def name(self) -> str: ...
    @property
    def alt(self) -> str: ...
    @property
    def mime(self) -> str: ...


def cover_of(files: Sequence[Placed]) -> int | None:
    """The place of the file that stands for the article in lists: its first picture."""
    return next((place for place, file in enumerate(files) if not _moves(file)), None)


def _moves(file: Placed) -> bool:
    return file.mime.startswith("video/")


def article(
    kind: PublishKind,
    text: str,
    files: Sequence[Placed],
    address: Callable[[int], str],
    *,
    link: str = "",
    lost: str = "",
) -> str:
    """The body: the text, then the files after the cover that it does not place. `address`: of the file at that place, as
    the channel shall show it. `lost`: words where the text names a picture that is not among the files. Raises ValueError
    for a kind that is no article.
    """
    facts = kind.article
    if facts is None:
        raise ValueError(f"{kind.key} is no article")
    styled = facts.form == "styled"
    by_name = {file.name: place for place, file in enumerate(files) if file.name}

    def shown(place: int, words: str, name: str = "") -> str:
        return _figure(facts, files[place], address(place), words, name)

    def placed(name: str, words: str) -> str:
        if name in by_name:
            return shown(by_name[name], words, name)
        return f"<p>{escape(lost)}</p>" if lost else ""

    made = to_html(text, links=facts.hosts or True, styles=STYLES if styled else None, picture=placed)
    names = [file.name for file in files]
    after = [shown(place, "") for place in unplaced(names, text, cover_of(files))]
    below = to_html(link) if facts.link_inside and link and link not in text else ""
    whole = "\n".join(filter(None, [made, *after, below]))
    return settled(f'<section style="{STYLES["section"]}">{whole}</section>' if styled else whole, facts)


def _figure(facts: ArticleFacts, file: Placed, address: str, words: str, name: str) -> str:
    at, alt = escape(address), escape(words or file.alt)
    if facts.form == "styled":
        return f'<p style="{STYLES["p"]}"><img src="{at}" alt="{alt}" style="{STYLES["img"]}"></p>'
    film = _moves(file)
    called = [facts.video_class if film else "", f"{MARK}{name}" if facts.named and name else ""]
    figure = f'<figure class="{" ".join(filter(None, called))}">' if any(called) else "<figure>"
    if not film:
        return f'{figure}<img src="{at}" alt="{alt}"></figure>'
    said = f"<figcaption>{alt}</figcaption>" if alt else ""
    return f'{figure}<video controls src="{at}"></video>{said}</figure>'


def settled(html: str, facts: ArticleFacts) -> str:
    """Nothing but what the channel keeps, whatever came in: well-formed, no script, no name, no place of its own."""
    style = {"style"} if facts.form == "styled" else set[str]()
    plain = {"figure": {"class"}, "video": {"src", "controls"}} if facts.form == "html" else {}
    return nh3.clean(
        html,
        tags=set(TAGS | FILMED if facts.form == "html" else TAGS),
        attributes={"*": style, "a": {"href"} | style, "img": {"src", "alt"} | style, **plain},
        filter_style_properties=set(PROPERTIES),
        url_schemes={"http", "https"},
        link_rel=None,
    )
