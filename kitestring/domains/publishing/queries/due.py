"""Reads of the clock and of what is due, for the worker."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from kitestring.domains.publishing.models import Delivery, DeliveryState


def due_until(moment: datetime) -> int:
    """How many scheduled deliveries are due at `moment` or before."""
    return Delivery.objects.filter(state=DeliveryState.SCHEDULED, due_at__lte=moment).count()


def seconds_until(moment: datetime) -> float:
    """How long until `moment` by the database's clock; 0 when it has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM %s - ks_now())::float8", [moment])
        return max(0.0, float(cursor.fetchone()[0]))
