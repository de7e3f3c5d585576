"""Figures and small phrases of a report, in the active language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce

from babel import Locale, UnknownLocaleError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.ui import formats
from kitestring.ui.locales import tongue
from kitestring.ui.numbers import number


def whole(value: float) -> str:
    return number(round(value), 0)


def figure(value: float | None) -> str:
    """Whole from a hundred on, one decimal below when it has one: divided again, it gives the times that stand beside it."""
    if value is None:
        return formats.MISSING
    return number(value, 0) if value >= 100 or round(value, 1) == int(value) else number(value, 1)


def times(value: float) -> str:
    """Below one with two decimals: what earned something never reads as nothing."""
    return number(value, 0 if value >= 20 else 1 if value >= 1 else 2)


def sentences(told: Sequence[str]) -> str:
    """One after the other, spaced as the language does."""
    return reduce(lambda one, two: _("%(one)s %(two)s") % {"one": one, "two": two}, told) if told else ""


def posts(count: int) -> str:
    return ngettext("%(n)s post", "%(n)s posts", count) % {"n": whole(count)}


def deliveries(count: int) -> str:
    return ngettext("%(n)s delivery", "%(n)s deliveries", count) % {"n": whole(count)}


def reactions(value: float) -> str:
    return ngettext("%(n)s reaction", "%(n)s reactions", round(value)) % {"n": whole(value)}


def still_waiting(count: int) -> str:
    """Of those who wrote in the report's own time, not of the inbox as it stands."""
    if not count:
        return _("nobody from this time still waits")
    return ngettext("%(n)s from this time still waits", "%(n)s from this time still wait", count) % {
        "n": whole(count)
    }


def day(value: date) -> str:
    return formats.date(value, "medium")


def in_weeks(value: date, weeks: int) -> date:
    return value + timedelta(weeks=weeks)


def language(code: str) -> str:
    """A language's name in the reader's language; the code when nobody knows it."""
    try:
        name = Locale.parse(code.partition("-")[0]).get_display_name(tongue().locale)
    except (UnknownLocaleError, ValueError):
        return code
    return name or code
