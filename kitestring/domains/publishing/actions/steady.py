"""Notices that the database's clock was set forward: then nobody has waited for what the hours say.

A settle time protects only because it is really waited for, and a lease because its holder is really at an end. So whoever is
about to believe either compares the database's clock with one that nobody sets, and after a jump every such wait begins
anew. Workers that notice the same jump do the same thing; a wait that began anew twice is only longer.
"""

from __future__ import annotations

import logging
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

_seen: tuple[float, float] | None = None  # the database's clock and the steady one, at the last look


def steady(lease: float = waiting.LEASE) -> bool:
    """Whether the database's clock went on as time does since this process looked last; if not, every wait begins anew."""
    begun = clock.elapsed()
    return went_on(fetch(TOLD, {})[0][0], begun, lease)


def went_on(told: float, begun: float, lease: float = waiting.LEASE) -> bool:
    """As `steady`, for who has asked the database already: it said `told`, and was asked at `begun` (seconds)."""
    global _seen
    before, _seen = _seen, (told, begun)
    if before is None or told - before[0] <= begun - before[1] + JUMP:
        return True
    begin_anew(lease)
    return False


def begin_anew(lease: float = waiting.LEASE) -> None:
    """The clock was set forward: every lease and every doubt begins now."""
    log.warning("The database's clock was set forward; what was waited for is waited for anew.")
    with connection.cursor() as cursor:
        cursor.execute(ANEW, {"lease": lease})
