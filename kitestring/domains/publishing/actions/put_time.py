"""Writes one time of a series as a delivery, once."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Revision
from kitestring.domains.publishing.models import Delivery, DeliveryKind, DeliveryState, Series
from kitestring.domains.publishing.rules.recurrence import Occurrence
from kitestring.kit.clock import now


def delivery_of(
    series: Series, one: Occurrence, account: Account, revision: Revision, payload: dict[str, Any]
) -> Delivery:
    """The duty of one hour of a series on one account."""
    return Delivery(
        account=account,
        kind=DeliveryKind.VARIANT,
        subject_id=revision.post_id,
        occurrence=one.name,
        series=series,
        publish_kind=payload["kind"],
        payload=payload,
        revision=revision,
        state=DeliveryState.SCHEDULED,
        due_at=one.moment,
        tolerance=series.tolerance,
        needs_approval=True,
        stamp=now(),
        made_by=series.made_by,
    )


def put_once(delivery: Delivery) -> bool:
    """Save it; False where the same one stands already, whoever made it."""
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError:
        return False
    return True
