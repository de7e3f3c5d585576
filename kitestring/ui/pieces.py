"""Parts of the frame that look the same on page after page: drawn once for a reader, then only filled in.

A piece may use every name of the page's context; all it shows must follow from `frame_key`, which the context
gives. Two things change with every page and are filled into the kept text: the form token and the page's address.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Final

from django.conf import settings
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from kitestring.ui import assets

KEPT: Final = 512  # texts of some ten kilobytes
# No text of ours or of a member's can hold these: PostgreSQL stores no NUL.
TOKEN: Final = Markup("\0token\0")
HERE: Final = Markup("\0here\0")


@pass_context
def piece(context: Context, name: str) -> Markup:
    """The template `name`, from what is kept for this `frame_key` or drawn anew; without a key always anew."""
    key: Hashable = context.get("frame_key")
    if key is None or settings.DEBUG:
        return Markup(context.environment.get_template(name).render(context.get_all()))  # noqa: S704 - the template escapes by itself
    text = _kept(_Drawing(name, key, assets.build(), context))
    text = text.replace(TOKEN, str(context.get("csrf_input") or ""))
    return Markup(text.replace(HERE, escape(context.get("page_address") or "/")))  # noqa: S704 - the template escapes by itself


class _Drawing:
    """A piece to draw: equal to another one of the same name, key and build, whatever the page around it."""

    def __init__(self, name: str, key: Hashable, build: object, context: Context) -> None:
        self.name, self.context = name, context
        self.same = (name, key, build)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Drawing) and self.same == other.same

    def __hash__(self) -> int:
        return hash(self.same)

    def draw(self) -> str:
        names = self.context.get_all() | {"csrf_input": TOKEN, "page_address": HERE}
        text = self.context.environment.get_template(self.name).render(names)
        del self.context  # what is kept must not hold the request
        return text


@lru_cache(maxsize=KEPT)
def _kept(drawing: _Drawing) -> str:
    return drawing.draw()
