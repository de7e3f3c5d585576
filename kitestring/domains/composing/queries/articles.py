"""An article as its readers will see it, and what mends what a channel would strip from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from markupsafe import Markup

from kitestring.connectorkit.article_html import article, cover_of
from kitestring.connectorkit.manifest import PublishKind
from kitestring.connectorkit.marked import NAMED
from kitestring.connectorkit.problem import Problem
from kitestring.domains.composing.models import Variant
from kitestring.domains.library.queries.planned import Planned
from kitestring.kit.clock import now

# Longer than any channel's article whose length counts; a page of more would be slow to write beside.
PREVIEWED: Final = 30_000
# What a press takes out of the text.
TAKEN_OUT: Final = frozenset(
    ("article_picture_lost", "article_picture_elsewhere", "article_tags_typed", "article_marks_shown")
)


@dataclass(frozen=True)
class Article:
    """`html`: the very body that leaves, with the files' own addresses here. `cut`: only its beginning.

    `link`: what the channel shows of the post's link outside the body. `card`: the cover where readers see it only outside, in
    lists and where the article is passed on.
    """

    html: Markup
    author: str
    digest: str
    at: datetime
    card: Planned | None
    cover: Planned | None
    cut: bool
    link: str = ""


def article_on(variant: Variant, kind: PublishKind, text: str, pictures: Sequence[Planned]) -> Article | None:
    """None where the kind is no article."""
    if kind.article is None:
        return None
    cut = len(text) > PREVIEWED
    end = text.rfind("\n", 0, PREVIEWED)
    shown = text[: end if end > 0 else PREVIEWED] if cut else text
    html = article(
        kind,
        shown,
        pictures,
        lambda place: shown_at(pictures[place]),
        link=variant.post.link,
        lost=_("Here stood a picture that is no longer among the files."),
    )
    at = cover_of(pictures)
    first = pictures[at] if at is not None and pictures[at].is_image else None
    return Article(
        # Made from escaped words, and nothing but the tags and styles of its own list has passed nh3.
        html=Markup(html),  # noqa: S704 - see above
        author=variant.options.get("author", ""),
        digest=variant.options.get("digest", ""),
        at=variant.post.planned_for or now(),
        card=None if kind.article.cover_inside else first,
        cover=first if kind.article.cover_inside else None,
        cut=cut,
        link="" if kind.article.link_inside or variant.post.link in text else variant.post.link,
    )


def shown_at(file: Planned) -> str:
    """Where a member's browser finds a file of an article: a picture small, a video whole."""
    return f"/files/{file.asset.pk}/{'thumb/' if file.is_image else ''}"


def rewrite_of(problem: Problem) -> str | None:
    """What the words a problem is about become with one press; None where no press mends it."""
    if problem.reason == "article_link_dropped" and (found := NAMED.fullmatch(problem.words)):
        return found[1]
    return "" if problem.reason in TAKEN_OUT else None
