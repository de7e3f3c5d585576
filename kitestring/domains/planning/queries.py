"""Reads of campaigns; each starts from the member who asks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from kitestring.connectorkit import registry
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.rules import declared
from kitestring.domains.workspaces.models import Member


def campaigns_visible_to(member: Member, brand: Brand | None = None) -> QuerySet[Campaign]:
    """The workspace's campaigns (of one brand), newest first, with the decision they came from."""
    campaigns = Campaign.objects.filter(brand__workspace_id=member.workspace_id)
    if brand is not None:
        campaigns = campaigns.filter(brand=brand)
    return campaigns.select_related("brand", "decision__idea", "decision__brief").order_by(
        "-created_at", "-id"
    )


def campaign_for(member: Member, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """One campaign. Raises Campaign.DoesNotExist outside the workspace."""
    if lock:
        return Campaign.objects.select_for_update().get(
            brand__workspace_id=member.workspace_id, pk=campaign_id
        )
    return campaigns_visible_to(member).get(pk=campaign_id)


def campaigns_between(member: Member, brand: Brand, first: date, last: date) -> QuerySet[Campaign]:
    """Campaigns that touch the days from `first` to `last`, for the calendar's lines."""
    return campaigns_visible_to(member, brand).filter(
        Q(starts_on__lte=last), Q(ends_on__gte=first) | Q(ends_on=None, starts_on__gte=first)
    )


def metrics_for(member: Member, brand: Brand) -> tuple[str, ...]:
    """What a figure of this brand may count: what its accounts' channels declare; before the first account, any channel's."""
    there = registry.connectors()
    slugs = {slug for slug in accounts_of(member, brand).values_list("channel", flat=True) if slug in there}
    return declared(there[slug].manifest for slug in slugs or there)
