"""Has made ahead what deliveries need of their files, so that it is known before the hour whether it can be."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final

from kitestring.domains.library.actions.make_rendition import COVER
from kitestring.domains.library.actions.want_rendition import want_rendition
from kitestring.domains.library.models import Making, MakingState
from kitestring.domains.library.queries import assets_by_id
from kitestring.domains.library.queries.planned import focus_of
from kitestring.domains.library.rules.bounds import bounds_for
from kitestring.domains.publishing.actions.hold_unfit import hold_unfit
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.files import Carried, carried_soon
from kitestring.domains.publishing.rules.telling import limit_of
from kitestring.kit.refusals import Refusal

AHEAD: Final = timedelta(hours=6)


def prepare_files(delivery: Delivery) -> None:
    """In the transaction that plans it: somebody is there to hear of it soon."""
    if delivery.payload.get("media"):
        account = delivery.account
        _want(
            Carried(
                account.channel,
                account.brand_id,
                delivery.publish_kind,
                delivery.payload["media"],
                delivery.due_at,
            )
        )


def prepare_ahead() -> int:
    """What the next hours need and nobody asked for yet: of series, of what was moved; how many posts were looked at."""
    found = carried_soon(AHEAD)
    for one in found:
        for row in _want(one):
            if row.state == MakingState.FAILED:  # it was found out for another post
                hold_unfit(row.source, row.recipe, row.reason)
    return len(found)


def _want(one: Carried) -> list[Making]:
    limit = limit_of(one.channel, one.kind)
    known = assets_by_id([str(item["asset"]) for item in one.media])
    found: list[Making] = []
    for item in one.media:
        asset = known.get(str(item["asset"]))
        if asset is None or asset.brand_id != one.brand_id:
            continue
        for bounds in (bounds_for(asset, limit, focus_of(item)), *([COVER] if asset.is_video else [])):
            with suppress(Refusal, OSError):  # what cannot be made of it at all is said where it is sent
                row = want_rendition(asset, bounds, one.due_at, again=True)
                found += [row] if row is not None else []
    return found
