"""A post as the site takes it: its HTML, its excerpt, where it is filed, the words of its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

import regex

from kitestring.connectorkit.article_html import MARK, article
from kitestring.connectorkit.articles import to_html, to_text
from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectorkit.marked import pictures_in
from kitestring.connectors.wordpress.client import MANIFEST, Site
from kitestring.connectors.wordpress.slugs import slug

MOST_TAGS: Final = 20  # our own bound: each is looked for by a call of its own
NAMED: Final = regex.compile(rf'<figure[^>]*class="[^"]*\b{MARK}([0-9a-z]+)')
ALT: Final = regex.compile(r'alt="[^"]*"')
FIGURE: Final = regex.compile(r"<figure\b.*?</figure>", regex.DOTALL | regex.IGNORECASE)
OPENED: Final = regex.compile(r"<figure\b", regex.IGNORECASE)


def slug_of(outgoing: Outgoing) -> str:
    """The words of the address, those chosen or the title's, and the mark by which the post is found again."""
    return slug(outgoing.options.get("address") or outgoing.title, outgoing.key)


def body(outgoing: Outgoing, files: Sequence[Mapping[str, Any]]) -> str:
    """The article's HTML as it goes out: the very one that the preview shows, with the site's addresses of its files."""
    kind = MANIFEST.kind("post")
    return article(
        kind, outgoing.text, outgoing.media, lambda at: str(files[at]["source_url"]), link=outgoing.link
    )


def changed(outgoing: Outgoing, figures: Sequence[str], placed: Mapping[str, str]) -> str:
    """The HTML when the words are changed: with the figures that stand there, as they stand there.

    `placed`: figures by the names the text has for them; the others follow it.
    """

    def picture(name: str, words: str) -> str:
        found = placed.get(name, "")
        return ALT.sub(lambda _old: f'alt="{escape(words)}"', found, count=1) if words else found

    parts = [to_html(outgoing.text, picture=picture), *figures]
    if outgoing.link and outgoing.link not in outgoing.text:
        parts.append(to_html(outgoing.link))
    return "\n".join(part for part in parts if part)


def figures_in(html: str, text: str) -> tuple[list[str], dict[str, str]]:
    """Pictures and videos that stand in an article, so that they stay when its words are changed: (those that follow the
    text, those it places, by their names).

    Raises Rejected("text", "figures_nested") where one stands in another (a gallery): it would be cut in two.
    """
    found_all = FIGURE.findall(html)
    if len(found_all) != len(OPENED.findall(html)):
        raise Rejected("text", "figures_nested")
    named, after = set(pictures_in(text)), list[str]()
    placed: dict[str, str] = {}
    for found in found_all:
        name = NAMED.search(found)
        if name and name[1] in named:
            placed[name[1]] = found
        elif found not in after:
            after.append(found)
    return after, placed


async def settings(place: Site, options: Mapping[str, str]) -> dict[str, Any]:
    """What is told beside the words. Tags are found by their names, and made where the site has none of the name."""
    body: dict[str, Any] = {}
    if excerpt := options.get("excerpt", "").strip():
        body["excerpt"] = excerpt
    if category := options.get("category"):
        if not category.isdecimal():
            raise Rejected("options.category", "category_gone")
        body["categories"] = [int(category)]
    if names := tags_in(options):
        body["tags"] = [await _tag(place, name) for name in names]
    if options.get("sticky"):
        body["sticky"] = True
    if options.get("comments_closed"):
        body["comment_status"] = "closed"
    return body


def tags_in(options: Mapping[str, str]) -> list[str]:
    """The names of the tags, each once. Raises Rejected("options.tags") for too many."""
    told = (name.strip().lstrip("#") for name in regex.split(r"[,，、;\n]", options.get("tags", "")))
    names = list({name.casefold(): name for name in told if name}.values())
    if len(names) > MOST_TAGS:
        raise Rejected("options.tags", "tags_too_many", params={"limit": MOST_TAGS, "count": len(names)})
    return names


async def _tag(place: Site, name: str) -> int:
    found = await place.read("wp/v2/tags", search=name, per_page="100", _fields="id,name")
    for one in found:
        if to_text(str(one.get("name"))).casefold() == name.casefold():
            return int(one["id"])
    try:
        return int((await place.write("wp/v2/tags", {"name": name}))["id"])
    except Rejected as error:
        # Made by somebody else since, or a name our search did not give: WordPress says which it is.
        if error.reason == "tag_exists" and (there := error.params.get("term")):
            return int(there)
        raise
    except (
        Ambiguous
    ) as error:  # a tag without a post is seen by nobody, and is found by its name the next time
        raise RetryLater(error.reason, said=error.said) from error


async def categories(place: Site) -> list[dict[str, str]]:
    """The site's categories, the fullest first, as the composer offers them; none where it does not tell."""
    asked = {"per_page": "100", "orderby": "count", "order": "desc", "_fields": "id,name"}
    try:
        found = await place.read("wp/v2/categories", **asked)
    except Rejected:
        return []
    return [
        {"value": str(one["id"]), "label": to_text(str(one.get("name") or one["id"]))}
        for one in found
        if isinstance(one, dict) and one.get("id")
    ]
