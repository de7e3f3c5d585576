"""A decision becomes work: campaign and draft posts linked to the idea, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.ideas.actions.decide import decide
from kitestring.domains.ideas.models import Decision
from kitestring.domains.planning.actions.start_campaign import start_campaign
from kitestring.domains.planning.models import Campaign
from kitestring.domains.planning.queries import metrics_for
from kitestring.domains.planning.rules.measures import figure_in
from kitestring.domains.workspaces.models import Member

LANGUAGES = {"zh": "zh-hans", "vi": "vi", "en": "en"}


@dataclass(frozen=True)
class Started:
    """What the decision set in motion."""

    decision: Decision
    campaign: Campaign
    posts: list[Post]


@transaction.atomic
def start_from_decision(member: Member, idea_id: UUID, reason: str) -> Started:
    """Decide for the idea; make its campaign and one draft post with a variant per account.

    The campaign is named after the brief and has its measure of success as the goal.
    """
    decision = decide(member, idea_id, reason)
    brief, idea = decision.brief, decision.idea
    campaign = start_campaign(
        member,
        brief.brand,
        brief.title,
        decision=decision,
        goal=brief.measure or brief.objective,
        figure=figure_in(brief.measure, metrics_for(member, brief.brand)),
    )
    post = write_post(
        member,
        brief.brand,
        title=idea.text[:120],
        text=idea.text,
        language=LANGUAGES.get(idea.language, ""),
        campaign=campaign,
        idea=idea,
    )
    for account in _open_accounts(member, brief.brand):
        add_variant(member, post.pk, account)
    return Started(decision, campaign, [post])


def _open_accounts(member: Member, brand: Brand) -> list[Account]:
    return [a for a in accounts_of(member, brand) if a.state == AccountState.CONNECTED]
