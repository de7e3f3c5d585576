"""The one number that moved: what Today shows beside the day's work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, cast

from django.core.cache import cache

from kitestring.domains.analytics.queries.samples import published
from kitestring.domains.analytics.queries.standing import Standing, stand
from kitestring.domains.analytics.queries.trail import Trail, trail_of
from kitestring.domains.analytics.rules import beyond_chance, judge
from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now

FRESH: Final = timedelta(days=7)
A_FEW: Final = 40
MOVES: Final = 2.0
A_MINUTE: Final = 60
MISSING: Final = object()


@dataclass(frozen=True)
class Moved:
    """The post furthest above its account's usual in the last seven days; `times` the median, one decimal.

    What is shown beside it is of one age: the standing's `then` and its `usual`; never `value`, which is newer. One in its
    first day is shown too: it is not judged yet, but what flies is to be seen while it flies.
    `trail`: the same drawn beside what went live before it on its account; None when that was never read.
    """

    standing: Standing
    times: float
    trail: Trail | None = None


def moved(member: Member, brand: Brand) -> Moved | None:
    """None when nothing stands out, or there is too little to compare with. Told anew once a minute: no number is
    read more often.
    """
    if brand.workspace_id != member.workspace_id:
        return None
    key = f"moved:{brand.pk}"
    kept = cache.get(key, MISSING)
    if kept is not MISSING:
        return cast("Moved | None", kept)
    found = _moved(member, brand)
    cache.set(key, found, A_MINUTE)
    return found


def _moved(member: Member, brand: Brand) -> Moved | None:
    recent = list(published(member, brand).filter(published_at__gte=now() - FRESH)[:A_FEW])
    best: Moved | None = None
    for one in stand(recent):
        times = _times(one)
        if times >= MOVES and (best is None or times > best.times):
            best = Moved(one, round(times, 1))
    return replace(best, trail=trail_of(best.standing)) if best else None


def _times(one: Standing) -> float:
    """How far above its usual, in medians; 0 for what is not above it, or is so by a few readers in its first day."""
    if one.then is None or not one.usual.median or judge(one.then, one.usual) != "above":
        return 0.0
    if one.verdict == "early" and not beyond_chance(one.then, one.usual):
        return 0.0
    return one.then / one.usual.median
