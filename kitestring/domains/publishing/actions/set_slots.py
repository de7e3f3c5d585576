"""Says at which hours of the week an account takes from the evergreen stock, and how far apart the same post lies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.channels import queries as channels
from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.actions.keep_word import said_of
from kitestring.domains.publishing.actions.make_ahead import make_for
from kitestring.domains.publishing.actions.pause_series import move
from kitestring.domains.publishing.actions.unmake import unmake
from kitestring.domains.publishing.models import Series, SeriesKind, SeriesState
from kitestring.domains.publishing.queries.stock import rotation_of
from kitestring.domains.publishing.rules.recurrence import Slots, occurrences
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

DAYS_APART: Final = 30
MOST_DAYS: Final = 365
MOST_SLOTS: Final = 21
Slot = tuple[int, time]


@transaction.atomic
def set_slots(
    member: Member, account_id: UUID, slots: Collection[Slot], days_apart: int = DAYS_APART
) -> Series | None:
    """From now on. No slots: nothing more comes from the stock there, and None is given back.

    Raises Refusal beside the field: too many slots, two of them within an hour, a distance that makes no sense.
    """
    require(member, "series.change")
    account = channels.account(member, account_id)
    week = sorted(set(slots))
    _refuse(week, days_apart)
    series = rotation_of(member, account, lock=True)
    before = told_of(series) if series else {}
    if not week:
        if series is not None:
            move(member, series, SeriesState.ENDED, "series.stop")
            unmake(series, "series_stopped")
        return None
    series = series or _new(member, account)
    series.slots = [[day, at.strftime("%H:%M")] for day, at in week]
    series.apart = int(Slots(week, series.starts).shortest().total_seconds()) // 2
    series.same_apart = int(timedelta(days=days_apart).total_seconds())
    series.made_by, series.changed_at = member, now()
    series.save()
    record(member, "series.slots", account, before=before, after=told_of(series))
    _take_back_others(series)
    make_for(series.pk)
    series.refresh_from_db()
    return series


def _new(member: Member, account: Account) -> Series:
    brand = account.brand
    today = now().astimezone(brand.zone).date()
    return Series(
        kind=SeriesKind.EVERGREEN,
        brand=brand,
        account=account,
        starts=today,
        zone_key=brand.timezone,
        made_to=now(),
        made_by=member,
    )


def _refuse(week: list[Slot], days_apart: int) -> None:
    if not 1 <= days_apart <= MOST_DAYS:
        raise Refusal(
            _("Between 1 and %(n)s days. Nothing was changed.") % {"n": MOST_DAYS}, field="days_apart"
        )
    if len(week) > MOST_SLOTS:
        raise Refusal(_("At most %(n)s slots a week. Nothing was changed.") % {"n": MOST_SLOTS}, field="time")
    if len(week) > 1 and Slots(week, now().date()).shortest() < timedelta(hours=1):
        raise Refusal(
            _("Two slots lie within one hour. Nothing was changed: choose another time."), field="time"
        )


def _take_back_others(series: Series) -> None:
    """What was to go out at an hour that is no slot any more; what a person held or moved there stays as it is."""
    ahead = occurrences(series.pattern, series.zone, now(), now() + timedelta(days=60))
    spoken_of = [one.id for one in said_of(series) if not one.skipped]
    unmake(series, "series_changed", keep=[one.name for one in ahead], spare=spoken_of, due_too=False)


def told_of(series: Series) -> dict[str, Any]:
    """For the record of changes."""
    return {
        "slots": [f"{day + 1} {at}" for day, at in series.slots],
        "days_apart": series.same_apart // 86400,
    }
