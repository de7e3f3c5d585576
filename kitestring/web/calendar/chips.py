"""An entry as a chip of the month or week, in one string: there may be five hundred of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

from kitestring.web.calendar.entries import Entry

AT_ONCE: Final = 5


def shown_of(entries: Sequence[Entry]) -> int:
    """How many chips a day's cell shows; the rest are behind "+7 more", which never hides a single one."""
    return len(entries) if len(entries) <= AT_ONCE + 1 else AT_ONCE


def chip(entry: Entry) -> Markup:
    """A link with mark, time, first words, the state's shape and its word for those who listen; moved by drag and keys."""
    title, look = escape(entry.title), entry.look
    marks = entry.mark
    if entry.others:
        marks = Markup('<span class="chs">{}</span>').format(marks + Markup("").join(entry.others))
    moves = (
        f'draggable="true" data-move="{entry.move}" data-day="{entry.day}" data-time="{entry.time}"'
        if entry.move
        else 'draggable="false"'
    )
    return Markup(  # noqa: S704 - everything typed by people is escaped above
        f'<a class="ev1 {look.ground}" href="{entry.url}" title="{look.word}: {title}" {moves}>{marks}'
        f'<span class="tm">{entry.time}</span><span class="one">{title}</span>{look.shape}'
        f'<span class="unseen">{look.word}</span></a>'
    )
