"""Fills an account's slots from the evergreen stock, two weeks ahead: what no longer fits goes, what is empty is tried again.

A slot nearer to another post than the account's distance stays empty: it would only be left out at its hour. What a
person held stays held, and what a person moved stays at its hour; both carry the words as they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from kitestring.domains.channels.models import Account
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.publishing.actions.put_time import delivery_of, put_once
from kitestring.domains.publishing.actions.tell import wake_soon
from kitestring.domains.publishing.actions.unmake import unmake
from kitestring.domains.publishing.models import Delivery, Series
from kitestring.domains.publishing.queries.series import approved_as_it_stands, times_ahead
from kitestring.domains.publishing.queries.stock import (
    Planned,
    others_planned,
    planned_of,
    stock_for,
    taken_slots,
)
from kitestring.domains.publishing.rules.frozen import frozen_for
from kitestring.domains.publishing.rules.recurrence import Occurrence, moment_of, occurrences
from kitestring.domains.publishing.rules.rotation import OVER, TOO_SOON, Item, choose, crowding, why_not
from kitestring.domains.reviewing.queries import held_post
from kitestring.kit.clock import now

AHEAD: Final = timedelta(days=14)
AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Empty:
    """A slot that takes nothing: how many posts of the stock do not fit, by reason, or the post that lies too near to it.

    `fits`: one does by now, and it is taken when the slots are looked at next.
    """

    slot: Occurrence
    whys: Counter[str] = field(default_factory=Counter)
    near: Planned | None = None
    fits: bool = False


def fill_slots(series: Series) -> list[Delivery]:
    """What a locked, running series of kind evergreen owes. A slot for which nothing fits stays empty."""
    moved = _take_back(series)
    made = [one for one in _filled(series, moved) if put_once(one)]
    series.made_to, series.look_at = now(), now() + AGAIN
    series.save(update_fields=["made_to", "look_at"])
    wake_soon(one.due_at for one in made)
    return made


def slots_ahead(series: Series) -> list[Occurrence]:
    """The slots from now on, as far as they are filled."""
    return list(occurrences(series.pattern, series.zone, now(), now() + AHEAD))


def empty_slots(series: Series) -> list[Empty]:
    """The slots that nothing fits, each with why. What one of them takes when they are looked at next counts for those after
    it, as it will then.
    """
    stock = {item.post: item for _one, item in stock_for(series)}
    there, apart, others = taken_slots(series), _apart(series), others_planned(series)
    found = []
    for one in slots_ahead(series):
        if one.name in there:
            continue
        near = _crowding(series, one.moment, others)
        if near:
            found.append(Empty(one, near=near))
            continue
        choice = choose(list(stock.values()), one.moment, one.moment.astimezone(series.zone).date(), apart)
        found.append(Empty(one, choice.whys, fits=choice.post is not None))
        if choice.post:
            _use(stock, choice.post, one.moment)
    return found


def _filled(series: Series, moved: Mapping[str, timedelta]) -> Iterator[Delivery]:
    """Each choice counts for the next slot: the stock goes round. `moved`: the slots that a person moved, and how far."""
    stock = {item.post: item for _one, item in stock_for(series)}
    there, apart, others = taken_slots(series), _apart(series), others_planned(series)
    for slot in slots_ahead(series):
        at = slot.moment + moved.get(slot.name, timedelta())
        one = replace(slot, moment=at) if at > now() else slot
        if one.name in there or _crowding(series, one.moment, others):
            continue
        day = one.moment.astimezone(series.zone).date()
        post = choose(list(stock.values()), one.moment, day, apart).post
        words = _words(series, post) if post else None
        if post is None or words is None:
            continue
        account, revision, payload = words
        _use(stock, post, one.moment)
        yield delivery_of(series, one, account, revision, payload)


def _use(stock: dict[UUID, Item], post: UUID, at: datetime) -> None:
    stock[post] = replace(stock[post], used=(*stock[post].used, at))


def _words(series: Series, post_id: UUID) -> tuple[Account, Revision, dict[str, Any]] | None:
    """What a post of the stock says on the series' account as it stands; None where nobody said yes to that."""
    post, account = held_post(post_id), series.account
    if post is None or account is None:
        return None
    revision = approved_as_it_stands(post) if series.brand.needs_approval else freeze(post, series.made_by)
    payload = frozen_for(revision.content, account.pk) if revision else None
    return (account, revision, payload) if revision and payload else None


def _take_back(series: Series) -> dict[str, timedelta]:
    """What is planned and no longer fits: left the stock, over by then, voided, too near, or other words by now.

    Gives the slots that a person moved, and how far: what takes the place of a post that left is moved as well.
    """
    fits: dict[UUID, Item] = {item.post: item for _one, item in stock_for(series)}
    planned, others = planned_of(series), others_planned(series)
    moved = {one.occurrence: by for one in planned if (by := _moved(one, series))}
    stay: list[Delivery] = []
    for one in planned:
        item = fits.get(one.subject_id)
        if one.reason == "held_by_person" or (one.occurrence in moved and _fits(one, item, series)):
            stay.append(one)
            _bring(one, item, series)
        elif _fits(one, item, series) and _same_words(one) and not _crowding(series, one.due_at, others):
            stay.append(one)
    if len(stay) < len(planned):
        unmake(series, "series_changed", spare=[one.pk for one in stay], due_too=False)
    return moved


def out_of_stock(delivery: Delivery, series: Series) -> bool:
    """Whether the post has left the stock since it was put into its slot, or is no longer good on that day."""
    item = next((item for _one, item in stock_for(series) if item.post == delivery.subject_id), None)
    if item is None:
        return True
    day = delivery.due_at.astimezone(series.zone).date()
    return why_not(item, delivery.due_at, day, _apart(series)) == OVER


def takes_again(delivery: Delivery, series: Series) -> bool:
    """Whether its slot would take the post that was skipped there: it is in the stock, approved, and not used too near."""
    item = next((item for _one, item in stock_for(series) if item.post == delivery.subject_id), None)
    day = delivery.due_at.astimezone(series.zone).date()
    return item is not None and why_not(item, delivery.due_at, day, _apart(series)) == ""


def _moved(delivery: Delivery, series: Series) -> timedelta:
    return delivery.due_at - moment_of(datetime.fromisoformat(delivery.occurrence), series.zone)


def _bring(delivery: Delivery, item: Item | None, series: Series) -> None:
    """The post's words as they stand, to a time that a person spoke of."""
    words = None if item is None or _same_words(delivery) else _words(series, item.post)
    if words is None:
        return
    _account, revision, payload = words
    times_ahead(series).filter(pk=delivery.pk).update(
        revision=revision, payload=payload, publish_kind=payload["kind"], changed_at=now()
    )


def _same_words(delivery: Delivery) -> bool:
    post: Post | None = delivery.revision.post if delivery.revision else None
    return post is not None and delivery.revision is not None and post.digest == delivery.revision.digest


def _fits(delivery: Delivery, item: Item | None, series: Series) -> bool:
    if item is None:
        return False
    day = delivery.due_at.astimezone(series.zone).date()
    # Its own hour is among those at which it is used: how near it is to itself is no question.
    return why_not(item, delivery.due_at, day, _apart(series)) in ("", TOO_SOON)


def _crowding(series: Series, at: datetime, others: Iterable[Planned]) -> Planned | None:
    if series.account is None:
        return None
    return crowding(at, others, timedelta(seconds=series.account.apart))


def _apart(series: Series) -> timedelta:
    return timedelta(seconds=series.same_apart)
