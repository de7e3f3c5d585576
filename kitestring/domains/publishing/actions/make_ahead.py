"""Makes the deliveries of a series ahead, as far as the calendar looks: each once, however many make them at once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import OperationalError, transaction

from kitestring.domains.publishing.actions.fill_slots import fill_slots
from kitestring.domains.publishing.actions.put_time import delivery_of, put_once
from kitestring.domains.publishing.actions.tell import wake_soon
from kitestring.domains.publishing.models import Delivery, Series, SeriesKind, SeriesState
from kitestring.domains.publishing.models.series import GRAPH
from kitestring.domains.publishing.queries.series import (
    approved_as_it_stands,
    carried_by_revision,
    days_over,
    held_series,
    made_of,
    running_of_post,
    series_to_look_at,
)
from kitestring.domains.publishing.rules.recurrence import Occurrence, next_ones, occurrences
from kitestring.kit.clock import now

log = logging.getLogger(__name__)

AHEAD: Final = timedelta(days=35)
LATER: Final = timedelta(minutes=10)
# Of what a stop of years has left; the rest follows at once.
AT_ONCE: Final = 200


def make_due() -> int:
    """The worker's step: whatever has come into sight. How many deliveries were made.

    One series that cannot be made stops neither the others nor the sweep that asks; it is tried again later.
    """
    return sum(_made_or_put_off(series_id) for series_id in series_to_look_at())


def _made_or_put_off(series_id: UUID) -> int:
    try:
        return make_for(series_id)
    except OperationalError:  # the database is away: that is not the series' fault
        raise
    except Exception:
        log.exception("Series %s could not be made ahead; it is tried again in %s.", series_id, LATER)
        _put_off(series_id)
        return 0


@transaction.atomic
def _put_off(series_id: UUID) -> None:
    series = held_series(series_id)
    if series is not None:
        series.look_at = now() + LATER
        if series.kind == SeriesKind.EVERGREEN:
            series.made_to = now()  # looked at: new words alone do not bring it back any sooner
        series.save(update_fields=["look_at", "made_to"])


def make_for_post(post_id: UUID) -> int:
    """After its words or accounts were approved anew: what comes round of this post is looked at again."""
    return sum(make_for(series_id) for series_id in running_of_post(post_id))


@transaction.atomic
def make_for(series_id: UUID) -> int:
    """One series, unless it is gone, stands still, or another worker has it this moment."""
    series = held_series(series_id)
    if series is None or series.state != SeriesState.RUNNING:
        return 0
    return len(make(series))


def make(series: Series) -> list[Delivery]:
    """What a locked, running series of either kind owes."""
    return fill_slots(series) if series.kind == SeriesKind.EVERGREEN else make_ahead(series)


def make_ahead(series: Series) -> list[Delivery]:
    """What a locked, running series owes up to `AHEAD` from now. What is made already stays as it is."""
    _take_new_words(series)
    to = now() + AHEAD
    found = list(islice(occurrences(series.pattern, series.zone, series.made_to, to), AT_ONCE))
    made = _put(series, found) if found else []
    series.made_to = found[-1].moment if len(found) == AT_ONCE else max(series.made_to, to)
    _look_again(series)
    series.save(update_fields=["revision", "made_to", "look_at", "state", "changed_at"])
    wake_soon(delivery.due_at for delivery in made)
    return made


def _take_new_words(series: Series) -> None:
    """Where the brand asks for approval, the words are those somebody said yes to last; with them come the accounts."""
    post = series.post
    if post is None or not series.brand.needs_approval:
        return
    approved = approved_as_it_stands(post)
    if approved is not None and approved.pk != series.revision_id:
        series.revision = approved
        series.made_to = min(series.made_to, now())


def _look_again(series: Series) -> None:
    """When the next one comes into sight; with none left, the series ends once its last hour is over."""
    coming = next_ones(series.pattern, series.zone, series.made_to, 1)
    if coming:
        series.look_at = max(coming[0].moment - AHEAD, now())
        return
    if series.made_to <= now() + AHEAD and (last := _last(series)) and last > now():
        series.look_at = last
        return
    GRAPH.check(series.state, SeriesState.ENDED)
    series.state, series.look_at, series.changed_at = SeriesState.ENDED, None, now()


def _last(series: Series) -> datetime | None:
    """The last moment it names, of a rule that ends within sight."""
    found = list(occurrences(series.pattern, series.zone, now() - AHEAD, now() + AHEAD))
    return found[-1].moment + timedelta(seconds=series.tolerance) if found else None


def _put(series: Series, found: list[Occurrence]) -> list[Delivery]:
    revision = series.revision
    if revision is None:
        return []
    there = made_of(series, min(one.name for one in found))
    over = days_over(series)
    made = [
        delivery_of(series, one, account, revision, payload)
        for one in found
        for account, payload in carried_by_revision(revision)
        if (account.pk, one.name) not in there and (account.pk, one.hour.date()) not in over
    ]
    return [delivery for delivery in made if put_once(delivery)]
