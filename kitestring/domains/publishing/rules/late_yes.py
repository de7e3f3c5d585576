"""What a yes does that comes after the hour: said before it is given, for it may send at once."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from django.utils.translation import gettext as _

from kitestring.ui.formats import date_time, local, time

PAUSED: Final = "paused"
EXPIRED: Final = "expired"
DISCONNECTED: Final = "disconnected"
ARCHIVED: Final = "archived"


def late_yes(
    was: datetime, until: datetime | None, moment: datetime, zone: tzinfo | None = None, stop: str = ""
) -> str:
    """`was`: the first hour that has passed without a yes. `until`: how long one of them may still leave; None where something
    else keeps back all of them: `stop`.
    """
    same_day = local(was, zone).date() == local(moment, zone).date()
    hour = {"hour": time(was, zone) if same_day else date_time(was, "short", zone)}
    if until is None:
        return _stopped(stop) % hour
    if moment <= until:
        return _("Its hour (%(hour)s) has passed: approving it sends it now.") % hour
    return (
        _(
            "Its hour (%(hour)s) has passed by more than it allows: once approved, somebody is asked whether it still goes out."
        )
        % hour
    )


def _stopped(stop: str) -> str:
    if stop == EXPIRED:
        return _(
            "Its hour (%(hour)s) has passed: once approved it waits until its account is connected again."
        )
    if stop == DISCONNECTED:
        return _(
            "Its hour (%(hour)s) has passed: once approved, somebody is asked what to do, for its account is not connected."
        )
    if stop == ARCHIVED:
        return _(
            "Its hour (%(hour)s) has passed: once approved, somebody is asked what to do, for its brand is archived."
        )
    return _("Its hour (%(hour)s) has passed: once approved it waits until the pause ends.")
