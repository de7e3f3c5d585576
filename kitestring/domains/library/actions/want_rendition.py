"""Asks for a rendition ahead of the hour that needs it: a row, in the transaction that plans the hour."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from kitestring.domains.library.actions.make_rendition import ready_file
from kitestring.domains.library.models import Asset, Making, MakingState
from kitestring.domains.library.models.making import GRAPH
from kitestring.domains.library.queries.making import making_held
from kitestring.domains.library.rules.bounds import Bounds
from kitestring.domains.library.rules.reasons import FOR_GOOD
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue


@transaction.atomic
def want_rendition(asset: Asset, bounds: Bounds, by: datetime, *, again: bool = False) -> Making | None:
    """None where nothing has to be made. What failed for good stays so; `again`: what may go better now is tried anew.

    Raises Refusal for what cannot be made here, as `ready_file`.
    """
    if ready_file(asset, bounds) is not None:
        return None
    known = making_held(asset.sha256, bounds.recipe)
    if known is None:
        known = _new(asset, bounds, by)
        enqueue("library.make", once="library.make")
        return known
    stuck = known.state == MakingState.FAILED and (not again or known.reason in FOR_GOOD)
    if known.state in (MakingState.MADE, MakingState.FAILED) and not stuck:
        GRAPH.check(known.state, MakingState.WANTED)
        known.state, known.reason, known.tries, known.not_before = MakingState.WANTED, "", 0, None
        enqueue("library.make", once="library.make")
    known.wanted_by, known.asked_at = min(known.wanted_by, by), now()
    known.save()
    return known


def _new(asset: Asset, bounds: Bounds, by: datetime) -> Making:
    row = Making(
        source=asset.sha256,
        recipe=bounds.recipe,
        bounds=bounds.plain(),
        moving=asset.is_video and not bounds.still,
        wanted_by=by,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # somebody else wanted it this very moment
        return making_held(asset.sha256, bounds.recipe) or row
    return row
