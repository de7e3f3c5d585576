"""Moves one delivery along a declared arrow, for a person: only from where they saw it, recorded, never half."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from kitestring.domains.publishing.actions.tell import replies_changed
from kitestring.domains.publishing.models import GRAPH, Delivery, DeliveryKind, DeliveryState
from kitestring.domains.publishing.queries.deliveries import held_still, visible_to
from kitestring.domains.publishing.rules.words import too_late
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict

CLEAN: dict[str, Any] = {"reason": "", "reason_params": {}, "said": "", "not_before": None}


@transaction.atomic
def change(member: Member, delivery: Delivery, sources: Sequence[str], verb: str, **changes: Any) -> Delivery:
    """Write `changes` where the row is still in one of `sources`. Raises Conflict with what is true now otherwise."""
    to = changes.get("state")
    before = {"state": delivery.state, "due_at": delivery.due_at.isoformat()}
    if delivery.state == DeliveryState.NEEDS_ATTENTION:
        # The story of the delivery goes on telling why, once the row no longer does.
        before |= {"reason": delivery.reason, "found_at": delivery.changed_at.isoformat()}
    if to is not None:
        for source in sources:
            if source != to:
                GRAPH.check(source, to)
    still = held_still(member, delivery.pk, sources)
    if still:
        visible_to(member).filter(pk=delivery.pk).update(changed_at=now(), **changes)
    delivery.refresh_from_db()
    if not still:
        raise Conflict(too_late(DeliveryState(delivery.state)))
    after = {"state": delivery.state, "due_at": delivery.due_at.isoformat(), "reason": delivery.reason}
    record(member, verb, delivery, before=before, after=after)
    if delivery.kind == DeliveryKind.REPLY and delivery.state != before["state"]:
        replies_changed([delivery.pk])
    return delivery
