"""Reads what a person typed about hours: a day and a time in the brand's own zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

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
