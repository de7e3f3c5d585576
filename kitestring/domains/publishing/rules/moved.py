"""What is said after a move, on every page that moves: to which hour, which accounts, and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from kitestring.kit.clock import now
from kitestring.ui.formats import date_time


def moved_to(after: datetime, zone: ZoneInfo, names: Iterable[str] = ()) -> str:
    """ "Moved to Friday 12:00: Hien, Hien." No names: it has no account yet."""
    said = {"when": date_time(after, "weekday", zone), "accounts": _(", ").join(names)}
    return (_("Moved to %(when)s: %(accounts)s.") if said["accounts"] else _("Moved to %(when)s.")) % said


def way_back(address: str | None, before: datetime, zone: ZoneInfo, moved: Iterable[UUID] = ()) -> str:
    """What `address` is asked for to undo the move of just these; "" where the hour before has passed by now."""
    if not address or before <= now():
        return ""
    there = before.astimezone(zone)
    back = [("back", "1"), ("day", there.date().isoformat()), ("time", there.strftime("%H:%M"))]
    return f"{address}?{urlencode([*back, *(('only', str(one)) for one in moved)])}"
