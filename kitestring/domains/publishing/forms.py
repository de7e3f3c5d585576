"""Reads what a person typed about hours: a day and a time in the brand's own zone, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from datetime import time as Time
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from kitestring.domains.publishing.rules.recurrence import MONTH, WEEK, Rule
from kitestring.kit.refusals import Refusal


def moment_from(data: Mapping[str, str], zone: ZoneInfo, day: str = "day", time: str = "time") -> datetime:
    """The moment of the fields `day` (YYYY-MM-DD) and `time` (HH:MM) there. Raises Refusal beside `due_at`.

    An hour that the clock skips that night (summer time) is refused; one that comes twice is its first.
    """
    try:
        there = datetime.fromisoformat(f"{data.get(day, '')}T{data.get(time, '')}").replace(tzinfo=zone)
        moment = there.astimezone(UTC)
    except (ValueError, OverflowError) as error:  # no such day, or one before the calendar begins
        raise Refusal(
            _("Choose a day and a time. Nothing was changed."), reason="no_time", field="due_at"
        ) from error
    if moment.astimezone(zone).replace(tzinfo=None) != there.replace(tzinfo=None):
        raise Refusal(
            _("That hour does not exist there: the clocks jump over it that night. Choose another."),
            reason="no_such_hour",
            field="due_at",
        )
    return moment


def rule_from(data: QueryDict) -> Rule:
    """The rule of the fields every, weekdays, interval, month_day, time, starts, and by `ends` until or times.

    Raises Refusal beside the field that cannot be read; whether the rule makes sense is asked by `rules.rule_faults`.
    """
    every, ends = data.get("every", ""), data.get("ends", "")
    return Rule(
        every=every,
        at=_time(data.get("time", "")),
        starts=_day(data.get("starts", ""), "starts"),
        weekdays=_weekdays(data.getlist("weekdays")) if every == WEEK else (),
        interval=number_from(data.get("interval") or "1", "interval") if every == WEEK else 1,
        month_day=number_from(data.get("month_day", ""), "month_day") if every == MONTH else 1,
        until=_day(data.get("until", ""), "until") if ends == "on" else None,
        times=number_from(data.get("times", ""), "times") if ends == "after" else None,
    )


def _time(text: str) -> Time:
    try:
        return Time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as error:
        raise Refusal(_("Choose a time. Nothing was changed."), reason="no_time", field="time") from error


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(_("Choose a day. Nothing was changed."), reason="no_day", field=field) from error


def number_from(text: str, field: str) -> int:
    """Not below 0 and not above 9999. Raises Refusal beside the field."""
    try:
        return max(0, min(int(text), 9999))
    except ValueError as error:
        raise Refusal(
            _("This is not a number. Nothing was changed."), reason="no_number", field=field
        ) from error


def _weekdays(texts: Sequence[str]) -> tuple[int, ...]:
    return tuple(sorted({int(text) for text in texts if text in "0123456" and len(text) == 1}))


def good_until_from(data: QueryDict) -> date | None:
    """The field `good_until`; None where it is left empty: for good."""
    text = data.get("good_until", "")
    return _day(text, "good_until") if text else None


def slots_from(data: QueryDict, *, needed: bool) -> tuple[set[tuple[int, Time]], set[tuple[int, Time]]]:
    """The slots to take away (`remove`, "0 09:00") and those to add (`weekdays` at `time`); each may be empty.

    `needed`: there is none yet, so at least one day must be chosen.
    """
    less: set[tuple[int, Time]] = set()
    for text in data.getlist("remove"):
        day, _space, hour = text.partition(" ")
        less |= {(weekday, _time(hour)) for weekday in _weekdays([day])}
    days = _weekdays(data.getlist("weekdays"))
    if needed and not days:
        raise Refusal(
            _("Choose at least one day of the week. Nothing was changed."), reason="no_day", field="weekdays"
        )
    return less, {(day, _time(data.get("time", ""))) for day in days}
