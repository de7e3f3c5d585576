"""A time zone as people say it: the city it is named after, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.domains.brands.rules import city
from kitestring.ui.formats import date_time


def place_of(zone: ZoneInfo) -> str:
    """ "Ho Chi Minh City" of Asia/Ho_Chi_Minh."""
    return city(zone.key, get_language() or "en")


def hour_of(at: datetime, zone: ZoneInfo) -> str:
    """The hour on this zone's clock, with the place where it is not the one the rest of the page goes by."""
    told = date_time(at, "short", zone)
    if zone.key == timezone.get_current_timezone_name():
        return told
    return _("%(when)s (%(place)s)") % {"when": told, "place": place_of(zone)}


def clocks(zone: ZoneInfo) -> dict[str, object]:
    """What templates need to say hours of this zone: `place`, `clock(at)` with seconds, `iso_day(at)`."""

    def clock(at: datetime) -> str:
        return at.astimezone(zone).strftime("%H:%M:%S")

    def iso_day(at: datetime) -> str:
        return at.astimezone(zone).date().isoformat()

    return {"place": place_of(zone), "clock": clock, "iso_day": iso_day, "zone": zone.key}
