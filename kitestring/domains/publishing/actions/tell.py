"""What every change of a delivery ends with: the wake-up it needs and the news of it, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kitestring.domains.publishing.events import DeliveryNeedsPerson, RepliesChanged
from kitestring.domains.publishing.rules.waiting import wake_at
from kitestring.kit.clock import now
from kitestring.kit.events import announce
from kitestring.kit.jobs import enqueue

SOON: Final = timedelta(seconds=10)
AHEAD: Final = timedelta(seconds=60)  # how far ahead the sweep sees to it that each due second is woken


def wake_slots(moments: Iterable[datetime]) -> None:
    """One slot job a distinct second (a broken one counts as the next), sorted, after everything else of the transaction.

    A second less than ten seconds away gets one more without the lock: the slot that waits under that name may
    already be past its count when our rows are committed.
    """
    for second in sorted({_whole(m) for m in moments}):
        if second - now() < SOON:
            enqueue("publishing.slot", due=second.isoformat())
        else:
            enqueue("publishing.slot", at=wake_at(second), once=slot_name(second), due=second.isoformat())


def slot_name(second: datetime) -> str:
    """The name under which one slot job of a due second waits."""
    return f"slot:{int(_whole(second).timestamp())}"


def wake_soon(moments: Iterable[datetime]) -> None:
    """As `wake_slots`, for very many: only what is due before the sweep has seen it is woken here, the rest by that."""
    wake_slots(moment for moment in moments if moment - now() < AHEAD)


def _whole(moment: datetime) -> datetime:
    cut = moment.replace(microsecond=0)
    return cut if cut == moment else cut + timedelta(seconds=1)


def wake_asking(waits: Iterable[float]) -> None:
    """One follow job a distinct second for deliveries that are to be asked about after so many seconds."""
    for wait in sorted({max(0, round(w + 0.5)) for w in waits}):
        moment = (now() + timedelta(seconds=wait)).replace(microsecond=0)
        once = f"follow:{int(moment.timestamp())}" if wait >= SOON.total_seconds() else None
        enqueue("publishing.follow", at=moment if wait else None, once=once)


def wake_withdrawal(delivery_id: UUID, wait: float = 0.0) -> None:
    """A job that takes this one down, after so many seconds; what it loses the sweep finds on the row."""
    at = now() + timedelta(seconds=wait) if wait else None
    enqueue("publishing.withdraw", at=at, once=f"withdraw:{delivery_id}", delivery=str(delivery_id))


def problems_changed(delivery_ids: Iterable[UUID]) -> None:
    """Tell that these now wait for a person (or no longer only for their hour)."""
    for delivery_id in delivery_ids:
        announce(DeliveryNeedsPerson(delivery_id))


def replies_changed(delivery_ids: Iterable[UUID]) -> None:
    """Tell that these answers ended, or are wanted again; one event for all, none for none."""
    if changed := tuple(delivery_ids):
        announce(RepliesChanged(changed))
