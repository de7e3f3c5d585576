"""Says what a channel would strip from an article or refuse of it, each with its place in the text as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from kitestring.connectorkit.article_html import article
from kitestring.connectorkit.articles import link_stays
from kitestring.connectorkit.facts import ArticleFacts
from kitestring.connectorkit.manifest import PublishKind
from kitestring.connectorkit.marked import BARE, NAMED, PICTURE, PICTURE_ELSEWHERE
from kitestring.connectorkit.problem import Params, Problem, Shown

# As long as the addresses that channels give their pictures (about 110 letters), for counting before they are known.
ADDRESS: Final = "x" * 160
SHORT: Final = 40  # letters of the words that a sentence names
ROWS: Final = 12  # of one sort; whoever mends these sees the next
# HTML that somebody typed or pasted as text. A bare "<" is no tag, and neither is <3.
TAG: Final = re.compile(
    r"</?(?:a|b|br|blockquote|center|div|em|embed|font|form|h[1-6]|hr|i|iframe|img|input|li|link|mp\w+|ol|p|script|section"
    r"|span|strong|style|svg|table|tbody|td|th|tr|u|ul|video)\b[^<>\n]{0,300}/?>",
    re.IGNORECASE,
)


def of_article(kind: PublishKind, text: str, files: Sequence[Shown]) -> Iterator[Problem]:
    """All of them. A picture's mark in a text that is no article would be read by everybody."""
    if kind.article is None:
        if "](file:" in text:
            yield from _each(PICTURE, text, "article_marks_shown")
        return
    names = {file.name for file in files if file.name}
    yield from _each(PICTURE, text, "article_picture_lost", wrong=lambda found: found[2] not in names)
    yield from _each(PICTURE_ELSEWHERE, text, "article_picture_elsewhere", severity="warning")
    yield from _each(TAG, text, "article_tags_typed", severity="warning")
    yield from _of_links(kind.article, text)
    yield from _of_length(kind, kind.article, text, files)


def _of_links(facts: ArticleFacts, text: str) -> Iterator[Problem]:
    if not facts.hosts:
        return

    def dropped(found: re.Match[str]) -> bool:
        return not link_stays(found[2], facts.hosts)

    yield from _each(NAMED, text, "article_link_dropped", wrong=dropped, severity="warning")
    # An address that stands as words stays readable: who wrote it so is told nothing, but that nobody can press it.
    bare = NAMED.sub(lambda found: " " * len(found[0]), PICTURE_ELSEWHERE.sub(_blank, text))
    yield from _each(
        BARE,
        bare,
        "article_address_plain",
        wrong=lambda found: not link_stays(found[0], facts.hosts),
        severity="warning",
    )


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _of_length(
    kind: PublishKind, facts: ArticleFacts, text: str, files: Sequence[Shown]
) -> Iterator[Problem]:
    """With its marks it is longer than as written; a text that is too long already says so itself."""
    if facts.limit is None or len(text) > kind.text.limit:
        return
    html = article(kind, text, files, lambda _place: ADDRESS)
    if len(html) > facts.limit:
        over: Params = {"count": len(html), "limit": facts.limit, "over": len(html) - facts.limit}
        yield Problem("text", "article_too_long", over)
    elif facts.bytes is not None and len(html.encode("utf-8", "surrogatepass")) > facts.bytes:
        size = len(html.encode("utf-8", "surrogatepass"))
        yield Problem("text", "article_too_big", {"count": size, "limit": facts.bytes})


def _each(
    pattern: re.Pattern[str],
    text: str,
    reason: str,
    *,
    wrong: Callable[[re.Match[str]], bool] = lambda _found: True,
    severity: str = "error",
) -> Iterator[Problem]:
    """The same words once, with all their places."""
    places: dict[str, list[tuple[int, int]]] = {}
    for found in pattern.finditer(text):
        if wrong(found):
            places.setdefault(found[0], []).append(found.span())
    for words, where in list(places.items())[:ROWS]:
        named = NAMED.fullmatch(words)
        said = named[1] if named else words
        short = said if len(said) <= SHORT else f"{said[: SHORT - 1]}…"
        yield Problem(
            "text",
            reason,
            {"words": short},
            "warning" if severity == "warning" else "error",
            words=words,
            places=tuple(where),
        )
