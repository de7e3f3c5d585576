"""Fills an account's slots from the evergreen stock, two weeks ahead: what no longer fits goes, what is empty is tried again.

A slot nearer to another post than the account's distance stays empty: it would only be left out at its hour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.models import Post
from kitestring.domains.publishing.actions.put_time import delivery_of, put_once
from kitestring.domains.publishing.actions.tell import wake_soon
from kitestring.domains.publishing.actions.unmake import unmake
from kitestring.domains.publishing.models import Delivery, Evergreen, Series
from kitestring.domains.publishing.queries.series import approved_as_it_stands
from kitestring.domains.publishing.queries.stock import others_planned, planned_of, stock_for, taken_slots
from kitestring.domains.publishing.rules.frozen import frozen_for
from kitestring.domains.publishing.rules.recurrence import Occurrence, occurrences
from kitestring.domains.publishing.rules.rotation import CROWDED, TOO_SOON, Item, choose, crowded, why_not
from kitestring.domains.reviewing.queries import held_post
from kitestring.kit.clock import now

AHEAD: Final = timedelta(days=14)
AGAIN: Final = timedelta(hours=1)


def fill_slots(series: Series) -> list[Delivery]:
    """What a locked, running series of kind evergreen owes. A slot for which nothing fits stays empty."""
    _take_back(series)
    made = [one for one in _filled(series) if put_once(one)]
    series.look_at = now() + AGAIN
    series.save(update_fields=["look_at"])
    wake_soon(one.due_at for one in made)
    return made


def slots_ahead(series: Series) -> list[Occurrence]:
    """The slots from now on, as far as they are filled."""
    return list(occurrences(series.pattern, series.zone, now(), now() + AHEAD))


def empty_slots(series: Series) -> list[tuple[Occurrence, Counter[str]]]:
    """The slots that nothing fits, each with why: how many posts of the stock do not, by reason."""
    stock, there, apart = [item for _one, item in stock_for(series)], taken_slots(series), _apart(series)
    others = others_planned(series)
    return [
        (one, Counter({CROWDED: 1}))
        if _crowded(series, one.moment, others)
        else (one, choose(stock, one.moment, one.hour.date(), apart).whys)
        for one in slots_ahead(series)
        if one.name not in there
    ]


def _filled(series: Series) -> Iterator[Delivery]:
    """Each choice counts for the next slot: the stock goes round."""
    stock = {item.post: (one, item) for one, item in stock_for(series)}
    there, apart, others = taken_slots(series), _apart(series), others_planned(series)
    for one in slots_ahead(series):
        if one.name in there or _crowded(series, one.moment, others):
            continue
        post = choose([item for _ever, item in stock.values()], one.moment, one.hour.date(), apart).post
        if post is None:
            continue
        ever, item = stock[post]
        made = _delivery(series, one, ever)
        if made is not None:
            stock[post] = ever, replace(item, used=(*item.used, one.moment))
            yield made


def _delivery(series: Series, one: Occurrence, ever: Evergreen) -> Delivery | None:
    post, account = held_post(ever.post_id), series.account
    if post is None:
        return None
    revision = approved_as_it_stands(post) if series.brand.needs_approval else freeze(post, series.made_by)
    payload = frozen_for(revision.content, account.pk) if revision and account else None
    if revision is None or account is None or payload is None:
        return None
    return delivery_of(series, one, account, revision, payload)


def _take_back(series: Series) -> None:
    """What is planned and no longer fits: left the stock, over by then, voided, or other words by now."""
    fits: dict[UUID, Item] = {item.post: item for _one, item in stock_for(series)}
    planned, others = planned_of(series), others_planned(series)
    keep = [
        one.occurrence
        for one in planned
        if _fits(one, fits.get(one.subject_id), series) and not _crowded(series, one.due_at, others)
    ]
    if len(keep) < len(planned):
        unmake(series, "series_changed", keep=keep, due_too=False)


def _fits(delivery: Delivery, item: Item | None, series: Series) -> bool:
    post: Post | None = delivery.revision.post if delivery.revision else None
    if item is None or post is None or delivery.revision is None or post.digest != delivery.revision.digest:
        return False
    day = delivery.due_at.astimezone(series.zone).date()
    # Its own hour is among those at which it is used: how near it is to itself is no question.
    return why_not(item, delivery.due_at, day, _apart(series)) in ("", TOO_SOON)


def _crowded(series: Series, at: datetime, others: list[datetime]) -> bool:
    return series.account is not None and crowded(at, others, timedelta(seconds=series.account.apart))


def _apart(series: Series) -> timedelta:
    return timedelta(seconds=series.same_apart)
