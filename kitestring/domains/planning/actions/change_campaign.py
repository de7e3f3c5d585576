"""Changes a campaign's name, goal, figure, days, and what people do in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import campaign_for, metrics_for
from kitestring.domains.planning.rules.mechanics import MECHANICS
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean


@dataclass(frozen=True)
class CampaignFacts:
    """What a campaign's page can change. `goal_metric` "" = no figure; `kind` "" = not said."""

    name: str
    goal: str
    goal_metric: str
    goal_value: float | None
    starts_on: date | None
    ends_on: date | None
    kind: str = ""
    share_gate: bool = False
    follow_gate: bool = False


@transaction.atomic
def change_campaign(member: Member, campaign_id: UUID, facts: CampaignFacts) -> Campaign:
    require(member, "campaign.change")
    campaign = campaign_for(member, campaign_id, lock=True)
    if not clean(facts.name):
        raise Refusal(_("A campaign needs a name. The old one was kept."), field="name")
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        raise Refusal(_("The campaign would end before it starts. Change one of the days."), field="ends_on")
    if facts.kind not in ("", *MECHANICS):
        raise Refusal(_("Choose one of the kinds offered."), field="kind")
    offered = ("", campaign.goal_metric, *metrics_for(member, campaign.brand))
    if facts.goal_metric not in offered or (facts.goal_value is not None and not facts.goal_metric):
        raise Refusal(_("Say what the figure counts, or leave it empty."), field="goal_metric")
    wanted = asdict(facts) | {"name": clean(facts.name)[:200], "goal": clean(facts.goal)}
    before = {key: getattr(campaign, key) for key in wanted}
    for key, value in wanted.items():
        setattr(campaign, key, value)
    campaign.save()
    record(member, "campaign.change", campaign, before=_plain(before), after=_plain(wanted))
    return campaign


@transaction.atomic
def move_days(member: Member, campaign_id: UUID, by: timedelta) -> Campaign:
    """Its first and its last day, where it has them."""
    require(member, "campaign.change")
    campaign = campaign_for(member, campaign_id, lock=True)
    names = [name for name in ("starts_on", "ends_on") if getattr(campaign, name)]
    before = {name: getattr(campaign, name) for name in names}
    for name in names:
        setattr(campaign, name, before[name] + by)
    if names:
        campaign.save(update_fields=names)
        after = {name: getattr(campaign, name) for name in names}
        record(member, "campaign.change", campaign, before=_plain(before), after=_plain(after))
    return campaign


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
