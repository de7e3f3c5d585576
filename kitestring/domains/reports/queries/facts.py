"""Gathers the facts of a report: live posts with their standing, the accounts before, answers, the goal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import get_language

from kitestring.domains.analytics.queries.reasons import why_missing
from kitestring.domains.analytics.queries.samples import (
    earlier_on_accounts,
    published_between,
    published_of,
    samples_of,
)
from kitestring.domains.analytics.queries.standing import FULL_AGE, LOOK_BACK, Standing, points_of, stand
from kitestring.domains.analytics.rules import REACTIONS, at_age, engagement, usual
from kitestring.domains.brands.models import Brand
from kitestring.domains.inbox.queries import first_answers
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.reports.rules.facts import AccountFact, AnswerFacts, Facts, GoalFact, PostFact
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now

MOST_POSTS: Final = 600
TITLE: Final = 48


@dataclass(frozen=True)
class Scope:
    """What a report is about. Days are the brand's own, both inclusive."""

    brand: Brand
    campaign: Campaign | None
    starts_on: date
    ends_on: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        zone = self.brand.zone
        first = datetime.combine(self.starts_on, time(), zone)
        return first, datetime.combine(self.ends_on + timedelta(days=1), time(), zone)


def gather(member: Member, scope: Scope) -> Facts:
    """The facts as they stand now, reasons told in the active language."""
    start, end = scope.bounds
    found = published_between(member, scope.brand, start, end)
    if scope.campaign is not None:
        found = published_of(member, scope.campaign).filter(published_at__gte=start, published_at__lt=end)
    standings = stand(list(found[:MOST_POSTS])[::-1])
    answered = first_answers(scope.brand, start, end, scope.campaign)
    return Facts(
        posts=tuple(_post(s, scope.brand) for s in standings),
        accounts=_accounts([s.delivery for s in standings], start),
        answers=AnswerFacts(
            minutes=tuple(a.minutes for a in answered if a.minutes is not None),
            waiting=sum(1 for a in answered if a.minutes is None),
            promise=scope.brand.answer_within,
            messages=tuple(str(a.message) for a in answered),
        ),
        goal=_goal(standings, scope.campaign),
        starts_on=scope.starts_on,
        ends_on=scope.ends_on,
        today=now().astimezone(scope.brand.zone).date(),
    )


def title_of(delivery: Delivery) -> str:
    """The post's title or its first words, in one short line."""
    post = delivery.revision.post if delivery.revision else None
    text = (post.title if post else "") or str(
        delivery.payload.get("title") or delivery.payload.get("text") or ""
    )
    line = " ".join(text[:400].split())
    return line if len(line) <= TITLE else line[: TITLE - 1].rstrip() + "…"


def _newest(standing: Standing, metrics: Sequence[str]) -> tuple[str, ...]:
    newest = {s.metric: s for s in standing.samples if s.metric in metrics and s.value is not None}
    return tuple(str(s.pk) for s in newest.values())


def _post(standing: Standing, brand: Brand) -> PostFact:
    delivery, middle = standing.delivery, standing.usual.median
    published = delivery.published_at or now()
    return PostFact(
        delivery=str(delivery.pk),
        title=title_of(delivery),
        account=str(delivery.account_id),
        account_name=delivery.account.name or delivery.account.handle,
        language=str(delivery.payload.get("language") or ""),
        at=published.astimezone(brand.zone).date(),
        value=standing.value,
        usual=standing.usual,
        verdict=standing.verdict,
        times=standing.value / middle if standing.value is not None and middle else None,
        samples=_newest(standing, REACTIONS),
    )


def _accounts(deliveries: Sequence[Delivery], start: datetime) -> tuple[AccountFact, ...]:
    """Each account's posts of the period beside those before it, all at the age of seven days; younger ones wait."""
    by_account: dict[UUID, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        by_account[delivery.account_id].append(delivery)
    since = start - LOOK_BACK
    earlier = [
        d for d in earlier_on_accounts(set(by_account), since) if d.published_at and d.published_at < start
    ]
    samples = samples_of([*deliveries, *earlier])

    def value(delivery: Delivery) -> float | None:
        at = delivery.published_at
        if at is None or at + FULL_AGE > now():
            return None
        return engagement(at_age(points_of(samples.get(delivery.pk, [])), at, FULL_AGE))

    facts = []
    for account_id, own in by_account.items():
        told = [(d, v) for d in own if (v := value(d)) is not None]
        before = usual(v for d in earlier if d.account_id == account_id and (v := value(d)) is not None)
        facts.append(
            AccountFact(
                name=own[0].account.name or own[0].account.handle,
                values=tuple(v for _d, v in told),
                before=before,
                deliveries=tuple(str(d.pk) for d, _v in told),
                samples=tuple(str(s.pk) for d, _v in told for s in samples[d.pk] if s.metric in REACTIONS),
            )
        )
    return tuple(facts)


def _goal(standings: Sequence[Standing], campaign: Campaign | None) -> GoalFact:
    metric = (campaign.goal_metric if campaign else "") or "engagement"
    given: list[float] = []
    samples: list[str] = []
    why = ""
    for one in standings:
        value = one.value if metric == "engagement" else one.values.get(metric)
        if value is None:
            why = why or why_missing(one, metric, get_language() or "en")
            continue
        given.append(value)
        samples += _newest(one, REACTIONS if metric == "engagement" else (metric,))
    return GoalFact(
        metric=metric,
        goal=campaign.goal_value if campaign else None,
        value=sum(given) if given else None,
        counted=len(given),
        posts=len(standings),
        why=why,
        samples=tuple(samples),
    )
