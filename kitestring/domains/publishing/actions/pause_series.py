"""Pauses a series, and lets it run again. What was due meanwhile is not made up for."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.publishing.actions.keep_word import hold_for_pause, said_of
from kitestring.domains.publishing.actions.make_ahead import make
from kitestring.domains.publishing.actions.standing import standing
from kitestring.domains.publishing.actions.unmake import unmake
from kitestring.domains.publishing.models import Series, SeriesState
from kitestring.domains.publishing.models.series import GRAPH
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now


@transaction.atomic
def pause_series(member: Member, series_id: UUID) -> Series:
    """Nothing of it leaves from now on; what was made ahead is taken back, but what a person moved or held. Twice is once."""
    require(member, "series.change")
    series = standing(member, series_id)
    if series.state == SeriesState.PAUSED:
        return series
    move(member, series, SeriesState.PAUSED, "series.pause")
    said = said_of(series)
    unmake(series, "series_stopped", spare=[one.id for one in said])
    hold_for_pause(series, said)
    return series


@transaction.atomic
def resume_series(member: Member, series_id: UUID) -> Series:
    """From now on; the hours of the pause stay empty. Twice is once."""
    require(member, "series.change")
    series = standing(member, series_id)
    if series.state == SeriesState.RUNNING:
        return series
    series.made_to = now()
    move(member, series, SeriesState.RUNNING, "series.resume")
    make(series)
    return series


def move(member: Member, series: Series, to: SeriesState, verb: str) -> None:
    """Along a declared arrow, recorded."""
    GRAPH.check(series.state, to)
    before = {"state": series.state}
    series.state, series.changed_at = to, now()
    series.look_at = now() if to == SeriesState.RUNNING else None
    series.save(update_fields=["state", "changed_at", "look_at", "made_to"])
    record(member, verb, series.subject, before=before, after={"state": to.value})
