"""Ends what comes round: nothing of it leaves any more. What is out stays out, with its history."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kitestring.domains.publishing.actions.pause_series import move
from kitestring.domains.publishing.actions.standing import standing
from kitestring.domains.publishing.actions.unmake import unmake
from kitestring.domains.publishing.models import Series, SeriesState
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require


@transaction.atomic
def stop_series(member: Member, series_id: UUID) -> Series:
    """Raises Conflict when it has ended already. What is being sent this second goes out."""
    require(member, "series.change")
    series = standing(member, series_id)
    move(member, series, SeriesState.ENDED, "series.stop")
    unmake(series, "series_stopped")
    return series
