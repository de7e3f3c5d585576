"""Reads the form that asks for a report, and the number of the revision that is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from kitestring.domains.planning.models import Campaign
from kitestring.kit.refusals import Refusal

USUAL_DAYS: Final = 30


@dataclass(frozen=True)
class Wanted:
    starts_on: date
    ends_on: date
    language: str


def wanted_from(posted: Mapping[str, str], campaign: Campaign | None, today: date) -> Wanted:
    """Days from the form; left empty, the campaign's own, else the last 30. Raises Refusal for what is no day."""
    ends = _day(posted, "ends_on") or (campaign.ends_on if campaign else None) or today
    starts = _day(posted, "starts_on") or (campaign.starts_on if campaign else None)
    if starts is None:
        made = campaign.created_at.date() if campaign else ends - timedelta(days=USUAL_DAYS - 1)
        starts = min(made, ends)
    return Wanted(starts, ends, posted.get("language", ""))


def _day(posted: Mapping[str, str], field: str) -> date | None:
    text = posted.get(field, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(_("This is no day. Choose one from the calendar."), field=field) from error


def number_in(posted: Mapping[str, str]) -> int | None:
    """The revision the reader had before them; None when the form does not say."""
    text = posted.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
