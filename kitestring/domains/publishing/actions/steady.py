"""Notices that the database's clock was set: forward, then nobody has waited for what the hours say; or back.

A settle time protects only because it is really waited for, and a lease because its holder is really at an end. So whoever is
about to believe either compares the database's clock with one that nobody sets, and after a jump every such wait begins
anew. Workers that notice the same jump do the same thing; a wait that began anew twice is only longer. Set back it leaves
leases and doubts that seem to begin in the future, and accounts would stand for as long: those begin now.
"""

from __future__ import annotations

import logging
from math import inf
from typing import Final

from django.db import connection

from kitestring.domains.publishing.rules import waiting
from kitestring.kit import clock
from kitestring.kit.prepared import fetch

TOLD: Final = "SELECT extract(epoch FROM ks_now())::float8"
JUMP: Final = 5.0  # seconds; slower drift is less than what settle times allow for
log = logging.getLogger(__name__)

ANEW: Final = """
WITH lanes AS (
    UPDATE publishing_lane SET lease_until = ks_now() + make_interval(secs => %(lease)s) WHERE lease_until IS NOT NULL)
UPDATE publishing_delivery SET
    lease_until = CASE WHEN lease_until IS NOT NULL THEN ks_now() + make_interval(secs => %(lease)s) END,
    doubt_since = CASE WHEN doubt_since IS NOT NULL THEN ks_now() END,
    part_since = CASE WHEN part_since IS NOT NULL THEN ks_now() END
WHERE state IN ('sending', 'processing', 'unknown')"""

AHEAD: Final = """
WITH lanes AS (
    UPDATE publishing_lane SET
        filled_at = CASE WHEN filled_at > ks_now() THEN ks_now() ELSE filled_at END,
        lease_until = CASE WHEN lease_until > ks_now() + make_interval(secs => %(lease)s)
            THEN ks_now() + make_interval(secs => %(lease)s) ELSE lease_until END
    WHERE filled_at > ks_now() + interval '1 second'
      OR lease_until > ks_now() + make_interval(secs => %(lease)s + 1))
UPDATE publishing_delivery SET
    lease_until = CASE WHEN lease_until > ks_now() + make_interval(secs => %(lease)s)
        THEN ks_now() + make_interval(secs => %(lease)s) ELSE lease_until END,
    doubt_since = CASE WHEN doubt_since > ks_now() THEN ks_now() ELSE doubt_since END,
    part_since = CASE WHEN part_since > ks_now() THEN ks_now() ELSE part_since END
WHERE state IN ('sending', 'processing', 'unknown', 'partly_out')
  AND (lease_until > ks_now() + make_interval(secs => %(lease)s + 1)
    OR doubt_since > ks_now() + interval '1 second' OR part_since > ks_now() + interval '1 second')"""

_seen: tuple[float, float] | None = None  # the database's clock and the steady one, at the last look


def steady(lease: float = waiting.LEASE) -> bool:
    """Whether the database's clock was not set forward since this process looked last; if it was, every wait begins anew."""
    begun = clock.elapsed()
    return went_on(fetch(TOLD, {})[0][0], begun, lease)


def went_on(told: float, begun: float, lease: float = waiting.LEASE) -> bool:
    """As `steady`, for who has asked the database already: it said `told`, and was asked at `begun` (seconds)."""
    global _seen
    before, _seen = _seen, (told, begun)
    # Who has just begun cannot know whether it was set back before.
    gained = (told - before[0]) - (begun - before[1]) if before else -inf
    if gained > JUMP:
        begin_anew(lease)
        return False
    if gained < -JUMP:
        take_back(lease)
    return True


def begin_anew(lease: float = waiting.LEASE) -> None:
    """The clock was set forward: every lease and every doubt begins now."""
    log.warning("The database's clock was set forward; what was waited for is waited for anew.")
    with connection.cursor() as cursor:
        cursor.execute(ANEW, {"lease": lease})


def take_back(lease: float = waiting.LEASE) -> None:
    """The clock was set back: no lease ends later than one that begins now, and no doubt begins later than now."""
    with connection.cursor() as cursor:
        cursor.execute(AHEAD, {"lease": lease})
        if cursor.rowcount > 0:
            log.warning("The database's clock was set back; what seemed to begin in the future begins now.")
