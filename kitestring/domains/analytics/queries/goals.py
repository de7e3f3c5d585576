"""A campaign's figure held against what its posts earned."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from kitestring.domains.analytics.queries.reasons import why_missing
from kitestring.domains.analytics.queries.standing import Standing
from kitestring.domains.analytics.rules import REACTIONS, Goal
from kitestring.domains.planning.models import Campaign

ENGAGEMENT = "engagement"


def under(standing: Standing, metrics: Sequence[str]) -> tuple[str, ...]:
    """The ids of the newest samples of these metrics that have a value."""
    return tuple(str(s.pk) for s in standing.samples if s.metric in metrics and s.value is not None)


def goal_of(standings: Sequence[Standing], campaign: Campaign | None) -> Goal:
    """The sum of the goal's metric over these posts (all reactions without a campaign); what is missing, with why."""
    metric = (campaign.goal_metric if campaign else "") or ENGAGEMENT
    given: list[float] = []
    samples: list[str] = []
    why = ""
    for one in standings:
        value = one.value if metric == ENGAGEMENT else one.values.get(metric)
        if value is None:
            why = why or why_missing(one, metric, get_language() or "en")
            continue
        given.append(value)
        samples += under(one, REACTIONS if metric == ENGAGEMENT else (metric,))
    return Goal(
        metric=metric,
        goal=campaign.goal_value if campaign else None,
        value=sum(given) if given else None,
        counted=len(given),
        posts=len(standings),
        why=why,
        samples=tuple(samples),
    )
