"""What each worker looks for every second: a post that is due, may leave, and that nobody sends."""

from __future__ import annotations

from typing import Final

from kitestring.domains.publishing.actions.claim import anything_stands, ready
from kitestring.domains.publishing.actions.presence import free_lanes
from kitestring.domains.publishing.actions.steady import went_on
from kitestring.kit import clock
from kitestring.kit.jobs import wake
from kitestring.kit.prepared import fetch

# The clock with it: what every worker asks every second is one statement.
LOOK: Final = """
SELECT extract(epoch FROM ks_now())::float8, EXISTS (
    SELECT 1 FROM publishing_delivery WHERE state = 'scheduled' AND due_at <= (SELECT ks_now())
      AND (not_before IS NULL OR not_before <= (SELECT ks_now())))
  OR EXISTS (SELECT 1 FROM publishing_delivery WHERE state = 'partly_out' AND part_since IS NOT NULL
      AND (not_before IS NULL OR not_before <= (SELECT ks_now())))"""


def look_round(*, sending: bool = False) -> bool:
    """Wake somebody if there is; costs next to nothing where nothing is due. True where something waits for it.

    `sending`: this process is sending anyhow; True then where an account came free for it. And see a clock that was set
    forward within this second, before anything is believed to have been waited for.
    """
    begun = clock.elapsed()
    ((told, due),) = fetch(LOOK, {})
    went_on(told, begun)
    if not due:
        return False
    stands = anything_stands()
    freed = free_lanes()
    if sending:
        return freed > 0
    if not (stands or freed) or not ready():
        return False
    wake("publishing.drain", "drain")
    return True
