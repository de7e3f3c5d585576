"""Reads a campaign's facts from its page."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from kitestring.domains.planning.actions.change_campaign import CampaignFacts
from kitestring.kit.refusals import Refusal


def facts_from(data: QueryDict) -> CampaignFacts:
    """Raises Refusal with the field when a day or figure cannot be read."""
    return CampaignFacts(
        name=data.get("name", ""),
        goal=data.get("goal", ""),
        goal_metric=data.get("goal_metric", ""),
        goal_value=_figure(data.get("goal_value", "")),
        starts_on=_day(data.get("starts_on", ""), "starts_on"),
        ends_on=_day(data.get("ends_on", ""), "ends_on"),
        kind=data.get("kind", ""),
        share_gate=bool(data.get("share_gate")),
        follow_gate=bool(data.get("follow_gate")),
    )


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refusal(
            _("This is not a day. Choose one from the calendar, or leave it empty."), field=field
        ) from error


def _figure(text: str) -> float | None:
    text = text.strip().replace(" ", "").replace(",", "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise Refusal(_("The goal is a plain number, for example 4500."), field="goal_value") from error
    if not 0 <= value < 1e12:
        raise Refusal(_("The goal is a number from 0 up."), field="goal_value")
    return value
