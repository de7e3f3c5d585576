"""Reads of attempts, and the next number of one."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import Max, QuerySet

from kitestring.domains.publishing.models import Attempt, Delivery, Step

NOTHING_SENT: Final = frozenset(
    {"scheduled", "partly_out", "held", "failed"}
)  # outcomes of a try that left nothing


def tries_of(delivery: Delivery) -> QuerySet[Attempt]:
    """Every attempt of a delivery, in order."""
    return Attempt.objects.filter(delivery=delivery).order_by("number")


def next_attempt(delivery: Delivery, step: str) -> Attempt:
    """An unsaved attempt with the next number. Call in a transaction that has written the delivery's row."""
    last = tries_of(delivery).aggregate(last=Max("number"))["last"] or 0
    return Attempt(delivery=delivery, number=last + 1, step=step)


def said_absent(delivery_id: UUID, part: int, now_on: UUID) -> UUID | None:
    """Whose the try `now_on` is, where a person said of this part that it is not there and nothing was sent since; else None."""
    rows = list(Attempt.objects.filter(delivery_id=delivery_id).order_by("-number"))
    mine = next((row.owner for row in rows if row.pk == now_on), None)
    for row in rows:
        if row.step == Step.PERSON and row.reason == "said_not_live":
            return mine if row.part == part else None
        if row.step != Step.PERSON and row.pk != now_on and row.outcome not in NOTHING_SENT:
            return None
    return None
