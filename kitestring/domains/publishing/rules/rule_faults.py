"""What is wrong with a wish to recur, before anything is saved: the sentence and the field it stands beside. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from kitestring.domains.publishing.rules.recurrence import EVERY, MONTH, WEEK, Rule

MOST_WEEKS: Final = 26
MOST_TIMES: Final = 500
FARTHEST: Final = timedelta(days=366 * 5)


class Fault(NamedTuple):
    """`field` as the form names it."""

    field: str
    told: str


def faults(rule: Rule, today: date) -> Iterator[Fault]:
    """Every fault of the rule; none: it may be saved."""
    if rule.every not in EVERY:
        yield Fault("every", _("Choose how often it recurs. Nothing was changed."))
    if rule.every == WEEK and not rule.weekdays:
        yield Fault("weekdays", _("Choose at least one day of the week. Nothing was changed."))
    if rule.every == WEEK and not 1 <= rule.interval <= MOST_WEEKS:
        told = _("Between every week and every %(n)s weeks. Nothing was changed.")
        yield Fault("interval", told % {"n": MOST_WEEKS})
    if rule.every == MONTH and not 1 <= rule.month_day <= 31:
        yield Fault("month_day", _("A day of the month from 1 to 31. Nothing was changed."))
    if rule.times is not None and not 1 <= rule.times <= MOST_TIMES:
        told = _("Between 1 and %(n)s times, or without an end. Nothing was changed.")
        yield Fault("times", told % {"n": MOST_TIMES})
    if rule.until is not None and rule.until < max(rule.starts, today):
        yield Fault(
            "until", _("The last day lies before the first. Nothing was changed: choose a later one.")
        )
    if rule.starts > today + FARTHEST:
        yield Fault(
            "starts", _("That is more than five years ahead. Nothing was changed: choose an earlier day.")
        )
