"""Dates, times and spans as the reader says them, in the reader's language and a given time zone."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kitestring.kit import clock
from kitestring.ui.locales import tongue

MISSING = "–"
Moment = dt.datetime | dt.date | None
HOT, MID = 20 * 60, 60 * 60


def _zone(name: str | dt.tzinfo | None) -> dt.tzinfo:
    if name is None:
        return timezone.get_current_timezone()
    return ZoneInfo(name) if isinstance(name, str) else name


def local(value: dt.datetime, zone: str | dt.tzinfo | None = None) -> dt.datetime:
    """The moment on the clock of `zone`; a naive value is taken as already local."""
    return value.astimezone(_zone(zone)) if value.tzinfo else value


def _day(value: dt.datetime | dt.date, zone: str | dt.tzinfo | None) -> dt.date:
    return local(value, zone).date() if isinstance(value, dt.datetime) else value


def date(value: Moment, style: str = "medium", zone: str | dt.tzinfo | None = None) -> str:
    """A day: short, medium, long, weekday or month."""
    if value is None:
        return MISSING
    speech, day = tongue(), _day(value, zone)
    if style == "weekday" and speech.locale.language == "vi":
        return f"{speech.days[day.weekday()]} {day.day}/{day.month}"
    return _written(day, getattr(speech, style), speech.locale)


@lru_cache(maxsize=4096)
def _written(day: dt.date, pattern: str, locale: Locale) -> str:
    """A calendar writes the same forty days for everybody."""
    return format_date(day, pattern, locale=locale)


def days(first: dt.date, last: dt.date) -> str:
    """From a day to a day, the year said once where it is one: "23 Nov – 29 Nov 2026", "2026年11月23日 – 11月29日"."""
    year_first = tongue().locale.language == "zh"
    plain = first.year == last.year
    begin = date(first, "short" if plain and not year_first else "medium")
    return f"{begin} – {date(last, 'short' if plain and year_first else 'medium')}"


def time(value: dt.datetime | dt.time | None, zone: str | dt.tzinfo | None = None) -> str:
    """A clock time, 08:30, on the 24 hour clock of all three languages."""
    if value is None:
        return MISSING
    at = local(value, zone) if isinstance(value, dt.datetime) else value
    return f"{at:%H:%M}"


def date_time(value: dt.datetime | None, style: str = "short", zone: str | dt.tzinfo | None = None) -> str:
    """A day and its clock time: "25 Nov, 08:30"."""
    if value is None:
        return MISSING
    return _("%(date)s, %(time)s") % {"date": date(value, style, zone), "time": time(value, zone)}


def sentences(*said: str) -> str:
    """Sentences one after the other; Chinese sets no space between them. Empty ones are left out."""
    return between_sentences().join(filter(None, said))


def between_sentences() -> str:
    return "" if (get_language() or "").startswith("zh") else " "


def duration(value: dt.timedelta | float | None) -> str:
    """A span in its two largest units: "2 h 6 min", "3 d 4 h", "40 s". Numbers are seconds."""
    if value is None:
        return MISSING
    seconds = int(value.total_seconds() if isinstance(value, dt.timedelta) else value)
    days, rest = divmod(abs(seconds), 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    if days:
        return _("%(d)s d %(h)s h") % {"d": days, "h": hours} if hours else _days(days)
    if hours:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes} if minutes else _("%(h)s h") % {"h": hours}
    if minutes:
        return _("%(m)s min") % {"m": minutes}
    return _("%(s)s s") % {"s": rest}


def _days(count: int) -> str:
    return ngettext("%(d)s day", "%(d)s days", count) % {"d": count}


def relative(value: Moment, zone: str | dt.tzinfo | None = None, now: dt.datetime | None = None) -> str:
    """How far away: "in 20 min", "12 min ago", then the clock and the day."""
    if value is None:
        return MISSING
    now = now or clock.now()
    today, day = local(now, zone).date(), _day(value, zone)
    if not isinstance(value, dt.datetime):
        return _near_day(day, today) or date(day, "short" if day.year == today.year else "medium")
    seconds = int((value - now).total_seconds())
    if abs(seconds) < 45:
        return _("just now") if value <= now else _("now")
    if abs(seconds) < 6 * 3600:
        words = {"span": duration(round(abs(seconds) / 60) * 60)}
        return _("in %(span)s") % words if seconds > 0 else _("%(span)s ago") % words
    return day_and_time(value, zone, now)


def day_and_time(
    value: dt.datetime, zone: str | dt.tzinfo | None = None, now: dt.datetime | None = None
) -> str:
    """The day as people say it, and the clock: "yesterday 17:20", "25 Nov, 08:30"."""
    today, day = local(now or clock.now(), zone).date(), _day(value, zone)
    near = _near_day(day, today)
    if near:
        return _("%(day)s %(time)s") % {"day": near, "time": time(value, zone)}
    return date_time(value, "short" if day.year == today.year else "medium", zone)


def _near_day(day: dt.date, today: dt.date) -> str:
    names: dict[int, Any] = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    return str(names.get((day - today).days, ""))


def left_tone(seconds: float | dt.timedelta | None) -> str:
    """Tone of a time-left bar: "hot" under 20 minutes, "mid" under an hour, else quiet."""
    if seconds is None:
        return ""
    value = seconds.total_seconds() if isinstance(seconds, dt.timedelta) else seconds
    return "hot" if value < HOT else "mid" if value < MID else ""
