"""Reads of attempts, and the next number of one."""

from __future__ import annotations

from django.db.models import Max, QuerySet

from kitestring.domains.publishing.models import Attempt, Delivery


def tries_of(delivery: Delivery) -> QuerySet[Attempt]:
    """Every attempt of a delivery, in order."""
    return Attempt.objects.filter(delivery=delivery).order_by("number")


def next_attempt(delivery: Delivery, step: str) -> Attempt:
    """An unsaved attempt with the next number. Call in a transaction that has written the delivery's row."""
    last = tries_of(delivery).aggregate(last=Max("number"))["last"] or 0
    return Attempt(delivery=delivery, number=last + 1, step=step)
