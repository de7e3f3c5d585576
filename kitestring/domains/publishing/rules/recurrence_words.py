"""A rule, and when it comes round, as people say it, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_day_names
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.publishing.rules.recurrence import DAY, MONTH, Rule, next_ones
from kitestring.ui.formats import date, date_time
from kitestring.ui.locales import tongue

SHOWN: Final = 3
COUNTED: Final = 600  # of a rule that ends: more than any rule may name


def rule_words(rule: Rule) -> str:
    """ "Every Tuesday and Friday at 09:00, until 23 Feb 2027"."""
    told = _how_often(rule) % {
        "days": days_words(rule.weekdays),
        "time": f"{rule.at:%H:%M}",
        "n": rule.interval,
        "day": rule.month_day,
    }
    if rule.until is not None:
        told = _("%(rule)s, until %(day)s") % {"rule": told, "day": date(rule.until, "medium")}
    if rule.times is not None:
        many = ngettext("%(rule)s, once", "%(rule)s, %(n)s times", rule.times)
        told = many % {"rule": told, "n": rule.times}
    return told


def _how_often(rule: Rule) -> str:
    if rule.every == DAY or (len(set(rule.weekdays)) == 7 and rule.interval == 1 and rule.every != MONTH):
        return _("Every day at %(time)s")
    if rule.every == MONTH:
        if rule.last_days():
            return _("On day %(day)s of every month, or its last day where it is shorter, at %(time)s")
        return _("On day %(day)s of every month at %(time)s")
    if rule.interval > 1:
        return _("Every %(n)s weeks on %(days)s at %(time)s")
    return _("Every %(days)s at %(time)s")


def days_words(weekdays: Iterable[int]) -> str:
    """ "Tuesday and Friday"; "周二、周五"."""
    names = [day_name(day) for day in sorted(set(weekdays))]
    if len(names) < 2:
        return "".join(names)
    return _("%(some)s and %(last)s") % {"some": _(", ").join(names[:-1]), "last": names[-1]}


def day_name(day: int, *, short: bool = False) -> str:
    """Monday is 0."""
    speech = tongue()
    if short or speech.locale.language == "zh":
        return speech.days[day]
    return str(get_day_names("wide", "format", speech.locale)[day])


@dataclass(frozen=True)
class Ahead:
    """What a rule comes to, before it is saved: the first hours in words, how many there are, and the last."""

    first: list[str]
    more: str

    @property
    def told(self) -> str:
        """In one sentence."""
        return _("%(hours)s. %(more)s") % {"hours": _(", ").join(self.first), "more": self.more}


def ahead_words(rule: Rule, zone: ZoneInfo, after: datetime) -> Ahead | None:
    """None where nothing comes after that moment."""
    ends = rule.until is not None or rule.times is not None
    found = next_ones(rule, zone, after, COUNTED if ends else SHOWN + 1)
    if not found:
        return None
    first = [date_time(one.moment, "weekday", zone) for one in found[:SHOWN]]
    if not ends:
        return Ahead(first, _("And so on, without an end."))
    far = found[-1].hour.year != after.astimezone(zone).year
    last = date_time(found[-1].moment, "medium" if far else "weekday", zone)
    many = ngettext("Once.", "%(n)s times, the last on %(last)s.", len(found))
    return Ahead(first, many % {"n": len(found), "last": last})
