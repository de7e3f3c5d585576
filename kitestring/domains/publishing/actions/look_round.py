"""What each worker looks for every second: a post that is due, may leave, and that nobody sends."""

from __future__ import annotations

from typing import Final

from django.db import connection

from kitestring.domains.publishing.actions.claim import make_lanes, ready
from kitestring.domains.publishing.actions.presence import free_lanes
from kitestring.domains.publishing.actions.steady import steady
from kitestring.kit.jobs import enqueue

DUE: Final = """
SELECT EXISTS (SELECT 1 FROM publishing_delivery WHERE state = 'scheduled' AND due_at <= ks_now()
    AND (not_before IS NULL OR not_before <= ks_now()))
  OR EXISTS (SELECT 1 FROM publishing_delivery WHERE state = 'partly_out' AND part > 0
    AND (not_before IS NULL OR not_before <= ks_now()))"""


def look_round(*, sending: bool = False) -> bool:
    """Wake somebody if there is; costs next to nothing where nothing is due. True where it did.

    `sending`: this process is sending anyhow. And see a clock that was set forward within this second, before anything
    is believed to have been waited for.
    """
    steady()
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        if not cursor.fetchone()[0]:
            return False
    make_lanes()
    free_lanes()
    if sending or not ready():
        return False
    enqueue("publishing.drain", once="drain")
    return True
