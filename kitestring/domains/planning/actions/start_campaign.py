"""Starts a campaign, from a decision or by hand."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.ideas.models import Decision
from kitestring.domains.planning.models import Campaign
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean


@transaction.atomic
def start_campaign(
    member: Member,
    brand: Brand,
    name: str,
    *,
    decision: Decision | None = None,
    goal: str = "",
    figure: tuple[str, float] | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Campaign:
    """`figure`: the metric of the goal and its value. Raises Refusal without a name, or when it would end before it starts."""
    require(member, "campaign.change")
    name = clean(name)[:200]
    if not name:
        raise Refusal(_("A campaign needs a name."), field="name")
    if starts_on and ends_on and ends_on < starts_on:
        raise Refusal(_("The campaign would end before it starts. Change one of the days."), field="ends_on")
    campaign = Campaign(
        brand=brand,
        decision=decision,
        name=name,
        goal=clean(goal),
        goal_metric=figure[0] if figure else "",
        goal_value=figure[1] if figure else None,
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=member,
    )
    campaign.save(force_insert=True)
    record(member, "campaign.change", campaign, after={"name": name, "goal": campaign.goal})
    return campaign
