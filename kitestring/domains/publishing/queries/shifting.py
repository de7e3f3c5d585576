"""What of a campaign still waits for an hour and could be moved, for the dialog that asks by how many days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kitestring.domains.composing.queries import posts_of_campaign
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import DeliveryKind
from kitestring.domains.publishing.queries.deliveries import visible_to
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now


@dataclass(frozen=True)
class Waiting:
    """The posts of a campaign that wait, and the first and the last hour of them."""

    posts: int
    first: datetime
    last: datetime


def waiting_of(member: Member, campaign: Campaign) -> Waiting | None:
    """None where nothing waits."""
    scheduled = visible_to(member).filter(
        kind=DeliveryKind.VARIANT,
        revision__post__campaign=campaign,
        state__in=("scheduled", "held"),
        due_at__gt=now(),
        series=None,
    )
    planned = posts_of_campaign(member, campaign).filter(planned_for__gt=now())
    hours = [
        *scheduled.select_related(None).order_by().values_list("subject_id", "due_at"),
        *planned.order_by().values_list("pk", "planned_for"),
    ]
    if not hours:
        return None
    moments = [moment for _post, moment in hours if moment is not None]
    return Waiting(len({post for post, _moment in hours}), min(moments), max(moments))
