"""What a yes does that comes after the hour: said before it is given, for it may send at once."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.utils.translation import gettext as _

from kitestring.ui.formats import date_time, local, time


def late_yes(was: datetime, until: datetime | None, moment: datetime, zone: tzinfo | None = None) -> str:
    """`was`: the first hour that has passed without a yes. `until`: how long one of them may still leave; None: all paused."""
    same_day = local(was, zone).date() == local(moment, zone).date()
    hour = {"hour": time(was, zone) if same_day else date_time(was, "short", zone)}
    if until is None:
        return _("Its hour (%(hour)s) has passed: once approved it waits until the pause ends.") % hour
    if moment <= until:
        return _("Its hour (%(hour)s) has passed: approving it sends it now.") % hour
    return (
        _(
            "Its hour (%(hour)s) has passed by more than it allows: once approved, somebody is asked whether it still goes out."
        )
        % hour
    )
