"""A time zone as people say it: the city it is named after, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from kitestring.domains.brands.rules import city


def place_of(zone: ZoneInfo) -> str:
    """ "Ho Chi Minh City" of Asia/Ho_Chi_Minh."""
    return city(zone.key, get_language() or "en")


def clocks(zone: ZoneInfo) -> dict[str, object]:
    """What templates need to say hours of this zone: `place`, `clock(at)` with seconds, `iso_day(at)`."""

    def clock(at: datetime) -> str:
        return at.astimezone(zone).strftime("%H:%M:%S")

    def iso_day(at: datetime) -> str:
        return at.astimezone(zone).date().isoformat()

    return {"place": place_of(zone), "clock": clock, "iso_day": iso_day, "zone": zone.key}
