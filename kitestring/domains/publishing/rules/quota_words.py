"""How a quota is told: what is used and planned of it in which period, and what to do when no place is left."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kitestring.ui.formats import date, date_time


def period_words(window: str, start: datetime, zone: ZoneInfo) -> str:
    """The period as people name it: "December 2026", a day, or how long a span is."""
    if window == "month":
        return date(start, "month", zone)
    if window == "day":
        return date(start, "medium", zone)
    return _("one hour") if window == "hour" else _("24 hours")


def use_words(kind: str, period: str, used: int, planned: int, limit: int) -> str:
    """One quiet line: how much of the quota is gone."""
    given = {"kind": kind, "period": period, "used": used, "planned": planned, "limit": limit}
    return _("%(kind)s in %(period)s: %(used)s used, %(planned)s planned, of %(limit)s") % given


def full_words(line: str, free_from: datetime, zone: ZoneInfo) -> str:
    """Why nothing was scheduled there, and what to do. `line`: see `use_words`; `zone`: the reader's."""
    return _(
        "No place is left: %(use)s. Nothing was changed. Choose an hour from %(when)s on, publish it another "
        "way, or move one of the others first."
    ) % {"use": line, "when": date_time(free_from, "medium", zone)}
