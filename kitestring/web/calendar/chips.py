"""An entry as a chip of the month or week, in one string: there may be five hundred of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kitestring.ui.elements import icon
from kitestring.web.calendar.entries import Entry

AT_ONCE: Final = 5


def shown_of(entries: Sequence[Entry]) -> int:
    """How many chips a day's cell shows; the rest are behind "+7 more", which never hides a single one."""
    return len(entries) if len(entries) <= AT_ONCE + 1 else AT_ONCE


def chip(entry: Entry) -> Markup:
    """A link with mark, time, first words, the state's shape and its word for those who listen; moved by drag and keys.

    Of several accounts there stand two marks, or one and how many more: the title needs the room. All are named for
    the pointer and for those who listen. One that stays is taken hold of too, and then says why it does.
    """
    title, look = escape(entry.title), entry.look
    whose = entry.accounts or entry.account
    again = _("Comes round") if entry.comes_round else ""
    word = escape(_(", ")).join(escape(one) for one in (look.word, again, entry.part, whose) if one)
    part = Markup('<b class="tm">{}</b> ').format(entry.part) if entry.part else ""
    turn = Markup('<span class="rnd">{}</span>').format(icon("repeat", "sm")) if entry.comes_round else ""
    moves = (
        f'draggable="true" data-move="{entry.move}" data-day="{entry.day}" data-time="{entry.time}"'
        if entry.move
        else f'data-stays="{entry.stays}"'
    )
    return Markup(  # noqa: S704 - everything typed by people is escaped above
        f'<a class="ev1 {look.ground}" href="{entry.url}" title="{word}: {title}" {moves}><span class="ln">'
        f'{_marks(entry)}<span class="tm">{entry.time}</span> {turn}{part}<span class="tt">{title}</span></span>{look.shape}'
        f'<span class="unseen">{word}</span></a>'
    )


def _marks(entry: Entry) -> Markup:
    if not entry.others:
        return entry.mark
    more = len(entry.others)
    last = entry.others[0] if more == 1 else Markup('<b aria-hidden="true">+{}</b>').format(more)
    return Markup('<span class="chs">{}{}</span>').format(entry.mark, last)
