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
BLOCKS: Final = ("section", "p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr", "figure")
TAGS: Final = frozenset((*BLOCKS, "table", "tbody", "tr", "th", "td", "br", "strong", "em", "a", "img"))
PROPERTIES: Final = frozenset(
    part.split(":")[0] for style in STYLES.values() for part in style.split(";") if part
)


class Placed(Protocol):
    """What is known of a file here."""

    @property
    def name(self) -> str: ...
    @property
    def alt(self) -> str: ...


def article(
    kind: PublishKind,
    text: str,
    files: Sequence[Placed],
    address: Callable[[int], str],
    *,
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

    def shown(place: int, words: str) -> str:
        told = f'<img src="{escape(address(place))}" alt="{escape(words or files[place].alt)}"'
        if styled:
            return f'<p style="{STYLES["p"]}">{told} style="{STYLES["img"]}"></p>'
        return f"<figure>{told}></figure>"

    def placed(name: str, words: str) -> str:
        if name in by_name:
            return shown(by_name[name], words)
        return f"<p>{escape(lost)}</p>" if lost else ""

    made = to_html(text, links=facts.hosts or True, styles=STYLES if styled else None, picture=placed)
    after = [shown(place, "") for place in unplaced([file.name for file in files], text)]
    whole = "\n".join(filter(None, [made, *after]))
    return settled(f'<section style="{STYLES["section"]}">{whole}</section>' if styled else whole, facts)


def settled(html: str, facts: ArticleFacts) -> str:
    """Nothing but what the channel keeps, whatever came in: well-formed, no script, no name, no place of its own."""
    style = {"style"} if facts.form == "styled" else set[str]()
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"*": style, "a": {"href"} | style, "img": {"src", "alt"} | style},
        filter_style_properties=set(PROPERTIES),
        url_schemes={"http", "https"},
        link_rel=None,
    )
