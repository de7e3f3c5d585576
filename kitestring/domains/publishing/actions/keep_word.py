"""What a person said of single times of a series outlasts a pause and a change of its rule: held, moved, skipped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from kitestring.domains.publishing.actions.change import CLEAN
from kitestring.domains.publishing.models import GRAPH, Delivery, DeliveryState, Series
from kitestring.domains.publishing.queries.series import made_of, skipped_ahead, time_of, times_ahead
from kitestring.domains.publishing.rules.recurrence import Occurrence, moment_of
from kitestring.kit.clock import now

PAUSED: Final = "series_paused"


class Said(NamedTuple):
    """Of one time on one account, in the row `id`. `at`: its local hour. `over`: the hour it stands for has passed."""

    id: UUID
    account: UUID
    day: date
    occurrence: str
    skipped: bool
    held: bool
    moved: bool
    at: datetime
    over: bool


def said_of(series: Series) -> list[Said]:
    """Every time to come of which a person said something. Asked before the series is given another time zone."""
    told = [_said(series, one) for one in (*times_ahead(series), *skipped_ahead(series))]
    return [one for one in told if one.skipped or one.held or one.moved]


def hold_for_pause(series: Series, said: Iterable[Said]) -> None:
    """What was moved stays, and does not leave while the series is paused; what was held stays held by hand."""
    kept = [one.id for one in said]
    free = times_ahead(series).filter(pk__in=kept, state__in=GRAPH.sources(DeliveryState.HELD))
    free.update(**{**CLEAN, "state": DeliveryState.HELD, "reason": PAUSED, "changed_at": now()})


def follow_rule(series: Series, said: Iterable[Said], named: Mapping[date, Occurrence]) -> list[UUID]:
    """Each time a person spoke of becomes the one that another rule names on its day (`named`), the same duty; what was
    moved stays at the hour a person gave it. Gives the rows that stay; of a day to come that the rule does not name, none
    but what was skipped.
    What was put off past the hour it stands for stays at its new one: of that hour no rule says anything any more.
    """
    stay = []
    since = min((one.name for one in named.values()), default="")
    there = made_of(series, since) if named else set()
    for word in said:
        if word.over:
            stay.append(word.id)
            continue
        one = named.get(word.day)
        if one is None:
            continue
        stay.append(word.id)
        if one.name != word.occurrence and (word.account, one.name) in there:
            continue  # that hour has a row already, which keeps it from being made anew
        there.add((word.account, one.name))
        due = moment_of(word.at, series.zone) if word.moved else one.moment
        time_of(series, word.id).update(
            occurrence=one.name, due_at=due if due > now() else one.moment, changed_at=now()
        )
    return stay


def _said(series: Series, one: Delivery) -> Said:
    hour = _hour(one)
    moment = moment_of(hour, series.zone)
    return Said(
        one.pk,
        one.account_id,
        hour.date(),
        one.occurrence,
        skipped=one.state == DeliveryState.CANCELLED,
        held=one.reason == "held_by_person",
        moved=one.due_at != moment,
        at=one.due_at.astimezone(series.zone).replace(tzinfo=None),
        over=moment <= now(),
    )


def _hour(one: Delivery) -> datetime:
    """The local hour it stands for."""
    return datetime.fromisoformat(one.occurrence)
