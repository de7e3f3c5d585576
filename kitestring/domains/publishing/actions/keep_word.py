"""What a person said of single times of a series outlasts a pause and a change of its rule: held, moved, skipped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from kitestring.domains.publishing.actions.change import CLEAN
from kitestring.domains.publishing.models import GRAPH, Delivery, DeliveryState, Series
from kitestring.domains.publishing.queries.series import skipped_ahead, times_ahead
from kitestring.domains.publishing.rules.recurrence import moment_of
from kitestring.kit.clock import now

PAUSED: Final = "series_paused"


class Said(NamedTuple):
    """Of one time on one account. `by`: how far it was moved."""

    account: UUID
    day: date
    occurrence: str
    skipped: bool
    held: bool
    by: timedelta


def said_of(series: Series) -> list[Said]:
    """Every time to come of which a person said something."""
    told = [_said(series, one) for one in (*times_ahead(series), *skipped_ahead(series))]
    return [one for one in told if one.skipped or one.held or one.by]


def hold_for_pause(series: Series, said: Iterable[Said]) -> None:
    """What was moved stays, and does not leave while the series is paused; what was held stays held by hand."""
    kept = [one.occurrence for one in said]
    free = times_ahead(series).filter(occurrence__in=kept, state__in=GRAPH.sources(DeliveryState.HELD))
    free.update(**{**CLEAN, "state": DeliveryState.HELD, "reason": PAUSED, "changed_at": now()})


def say_again(series: Series, said: Iterable[Said]) -> None:
    """After another rule: the time that falls on the same day now is skipped, held or moved as the old one was."""
    by_day = {(one.account, one.day): one for one in said}
    found = times_ahead(series).exclude(occurrence__in=[one.occurrence for one in by_day.values()])
    for one in found:
        word = by_day.get((one.account_id, _hour(one).date()))
        if word is None:
            continue
        if word.skipped:
            GRAPH.check(one.state, DeliveryState.CANCELLED)
            one.state, one.reason = DeliveryState.CANCELLED, "skipped"
        elif word.held and one.state != DeliveryState.HELD:
            GRAPH.check(one.state, DeliveryState.HELD)
            one.state, one.reason = DeliveryState.HELD, "held_by_person"
        if one.due_at + word.by > now():
            one.due_at += word.by
        one.changed_at = now()
        one.save(update_fields=["state", "reason", "due_at", "changed_at"])


def _said(series: Series, one: Delivery) -> Said:
    hour = _hour(one)
    return Said(
        one.account_id,
        hour.date(),
        one.occurrence,
        skipped=one.state == DeliveryState.CANCELLED,
        held=one.reason == "held_by_person",
        by=one.due_at - moment_of(hour, series.zone),
    )


def _hour(one: Delivery) -> datetime:
    """The local hour it stands for."""
    return datetime.fromisoformat(one.occurrence)
