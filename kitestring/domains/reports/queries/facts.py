"""Gathers the facts of a report: live posts with their standing, the accounts before, answers, the goal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from kitestring.domains.analytics.queries.at_age import engagement_at
from kitestring.domains.analytics.queries.goals import goal_of, under
from kitestring.domains.analytics.queries.samples import (
    Peer,
    earlier_on_accounts,
    latest_samples,
    published_between,
    published_of,
)
from kitestring.domains.analytics.queries.standing import FULL_AGE, LOOK_BACK, Standing, stand
from kitestring.domains.analytics.queries.summary import post_of
from kitestring.domains.analytics.queries.titles import title_of
from kitestring.domains.analytics.rules import REACTIONS, usual
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.inbox.queries import first_answers, owed_count
from kitestring.domains.planning.models import Campaign
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.reports.queries.numbers import numbers_in
from kitestring.domains.reports.rules.facts import AccountFact, AnswerFacts, Facts, NumberFact, PostFact
from kitestring.domains.workspaces.models import Member
from kitestring.kit.clock import now
from kitestring.ui.marks import channel_name

MOST_POSTS: Final = 600
MOST_OWED: Final = 100_000


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
    taken = list(found[: MOST_POSTS + 1])
    cut = len(taken) > MOST_POSTS
    standings = stand(taken[:MOST_POSTS][::-1])
    posts = tuple(_post(s, scope.brand) for s in standings)
    answered = first_answers(scope.brand, start, end, scope.campaign)
    promised = timedelta(minutes=scope.brand.answer_within)
    return Facts(
        posts=posts,
        accounts=_accounts([s.delivery for s in standings], start),
        answers=AnswerFacts(
            minutes=tuple(a.minutes for a in answered if a.minutes is not None),
            inbox=owed_count(member, scope.brand, most=MOST_OWED),
            waiting=sum(1 for a in answered if a.minutes is None),
            overdue=sum(1 for a in answered if a.minutes is None and a.at + promised < now()),
            promise=scope.brand.answer_within,
            messages=tuple(str(a.message) for a in answered),
        ),
        goal=goal_of(standings, scope.campaign),
        starts_on=min(p.at for p in posts) if cut else scope.starts_on,
        ends_on=scope.ends_on,
        today=now().astimezone(scope.brand.zone).date(),
        all_posts=found.count() if cut else None,
        of_campaign=scope.campaign is not None,
        numbers=_numbers(member, scope, [s.delivery.account for s in standings]),
    )


def _numbers(member: Member, scope: Scope, published: Sequence[Account]) -> tuple[NumberFact, ...]:
    """Of a campaign's report the accounts it was published on, else all of the brand that stand connected."""
    own = {account.pk: account for account in published}
    if scope.campaign is None:
        own |= {account.pk: account for account in accounts_of(member, scope.brand)}
    last = min(scope.ends_on, now().astimezone(scope.brand.zone).date())
    named = sorted(((one, _called(one)) for one in own.values()), key=lambda pair: (pair[1], str(pair[0].pk)))
    return numbers_in(named, scope.starts_on, last)


def _post(standing: Standing, brand: Brand) -> PostFact:
    delivery = standing.delivery
    published = delivery.published_at or now()
    return PostFact(
        delivery=str(delivery.pk),
        post=str(post_of(standing)),
        title=title_of(delivery),
        account=str(delivery.account_id),
        account_name=_called(delivery.account),
        language=str(delivery.payload.get("language") or ""),
        at=published.astimezone(brand.zone).date(),
        value=standing.value,
        then=standing.then,
        usual=standing.usual,
        verdict=standing.verdict,
        times=standing.times,
        samples=under(standing, REACTIONS),
    )


def _called(account: Account) -> str:
    """A brand's accounts often share one name: the channel tells them apart."""
    said = {"account": account.name or account.handle, "channel": channel_name(account)}
    return _("%(account)s on %(channel)s") % said


def _accounts(deliveries: Sequence[Delivery], start: datetime) -> tuple[AccountFact, ...]:
    """Each account's posts of the period beside those before it, all at the age of seven days; younger ones wait."""
    by_account: dict[UUID, list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        by_account[delivery.account_id].append(delivery)
    before = earlier_on_accounts(set(by_account), start - LOOK_BACK)
    earlier = [d for d in before if d.published_at < start]
    grown: list[Delivery | Peer] = [
        d for d in deliveries if d.published_at and d.published_at + FULL_AGE <= now()
    ]
    grown += [p for p in earlier if p.published_at + FULL_AGE <= now()]
    values = engagement_at(grown, FULL_AGE)
    newest = latest_samples(deliveries)
    facts = []
    for account_id, own in by_account.items():
        told = [d for d in own if d.pk in values]
        scale = usual(values[d.pk] for d in earlier if d.account_id == account_id and d.pk in values)
        under = [
            s for d in told for s in newest[d.pk].values() if s.metric in REACTIONS and s.value is not None
        ]
        facts.append(
            AccountFact(
                name=_called(own[0].account),
                values=tuple(values[d.pk] for d in told),
                before=scale,
                deliveries=tuple(str(d.pk) for d in told),
                samples=tuple(str(s.pk) for s in under),
            )
        )
    return tuple(facts)
