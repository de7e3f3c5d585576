"""Notices that the clock was set forward, and takes that out of every open doubt: a settle time is time that passed.

A channel's timeline may show a post some seconds late. Ten minutes that a clock was set by are not ten minutes it had.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from kitestring.kit.clock import steady

NOTABLE: Final = 5.0  # seconds; less than any settle time leaves to spare

SHIFT: Final = """
UPDATE publishing_delivery SET doubt_since = least(ks_now(), doubt_since + make_interval(secs => %(by)s))
WHERE state = 'unknown' AND doubt_since IS NOT NULL"""

_last: tuple[float, float] | None = None


def mind_the_clock() -> float:
    """Asked before anything is looked up, and by every sweep. Gives back by how many seconds it was set since, if notably.

    Each process knows by its own steady time; several that notice let a doubt wait a little longer, which harms nobody.
    A machine that slept looks the same, and is treated so.
    """
    global _last
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM ks_now())::float8")
        told, steadily = float(cursor.fetchone()[0]), steady()
        by = (told - _last[0]) - (steadily - _last[1]) if _last else 0.0
        if by > NOTABLE:
            cursor.execute(SHIFT, {"by": by})
    _last = told, steadily
    return by if by > NOTABLE else 0.0
