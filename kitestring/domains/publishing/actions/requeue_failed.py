"""Sends a refused delivery once more after a person put it right: same row, same key, the text as it stands now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.actions.refuse_unruly import refuse_unruly
from kitestring.domains.composing.queries import post_for
from kitestring.domains.publishing.actions.change import CLEAN, change
from kitestring.domains.publishing.actions.refuse_close import refuse_close
from kitestring.domains.publishing.actions.refuse_unfit import refuse_unfit
from kitestring.domains.publishing.actions.schedule import refuse_past
from kitestring.domains.publishing.actions.tell import wake_slots
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.publishing.rules.frozen import frozen_for
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now


@transaction.atomic
def requeue_failed(member: Member, delivery: Delivery, due_at: datetime | None = None) -> Delivery:
    """At `due_at`, else now. A refusal is proof that nothing went out, so the newest text may take its place."""
    require(member, "delivery.settle")
    if due_at is not None:
        refuse_past(due_at)
    refuse_close(delivery, due_at or now())
    changes: dict[str, Any] = {
        **CLEAN,
        "due_at": due_at or now(),
        "unclear": 0,
        "handle": "",
        "made_by": member,
    }
    if delivery.revision is not None:
        revision = freeze(post_for(member, delivery.revision.post_id, lock=True), member)
        payload = frozen_for(revision.content, delivery.account_id)
        if payload is not None:
            refuse_unfit(delivery.account, payload["kind"], payload)
            refuse_unruly(delivery.account, payload)
            changes |= {"revision": revision, "payload": payload, "publish_kind": payload["kind"]}
    sent = change(
        member,
        delivery,
        (DeliveryState.FAILED,),
        "delivery.requeue",
        state=DeliveryState.SCHEDULED,
        **changes,
    )
    wake_slots([sent.due_at])
    return sent
