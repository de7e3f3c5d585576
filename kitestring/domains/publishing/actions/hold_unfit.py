"""A file cannot be made into what a channel takes: what is to go out with it is held, and a person told before the hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from kitestring.connectorkit.manifest import MediaLimit
from kitestring.domains.library.queries import assets_by_id
from kitestring.domains.library.queries.planned import focus_of
from kitestring.domains.library.rules.bounds import bounds_for
from kitestring.domains.library.rules.reasons import FOR_GOOD
from kitestring.domains.publishing.actions.tell import problems_changed
from kitestring.domains.publishing.models import GRAPH, DeliveryState
from kitestring.domains.publishing.queries.files import scheduled_with
from kitestring.domains.publishing.rules.telling import limit_of
from kitestring.kit.clock import now


@transaction.atomic
def hold_unfit(source: str, recipe: str, reason: str) -> int:
    """How many were held. Of a rendition that only might go better another time the words say so."""
    held = []
    for delivery in scheduled_with(source):
        name = _needs(delivery.payload, limit_of(delivery.account.channel, delivery.publish_kind), recipe)
        if not name:
            continue
        GRAPH.check(delivery.state, DeliveryState.HELD)
        delivery.state, delivery.changed_at, delivery.not_before = DeliveryState.HELD, now(), None
        delivery.reason = "file_unfit" if reason in FOR_GOOD else "file_not_made"
        delivery.reason_params, delivery.said = {"name": name}, ""
        delivery.save(update_fields=["state", "changed_at", "not_before", "reason", "reason_params", "said"])
        held.append(delivery.pk)
    problems_changed(held)
    return len(held)


def _needs(payload: Mapping[str, Any], limit: MediaLimit | None, recipe: str) -> str:
    """The name of the file that needs what has this recipe; "" where none does. A missing cover hinders nothing."""
    media = payload.get("media") or []
    known = assets_by_id([str(item["asset"]) for item in media])
    for item in media:
        asset = known.get(str(item["asset"]))
        if asset is not None and bounds_for(asset, limit, focus_of(item)).recipe == recipe:
            return asset.name
    return ""
