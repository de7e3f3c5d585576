"""A blind vote: one member's yes to an idea, or its taking back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.ideas.models import Idea, Vote
from kitestring.domains.ideas.queries import brief_for, decision_of, idea_for, vote_of
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal


@transaction.atomic
def vote(member: Member, idea_id: UUID, *, yes: bool) -> Idea:
    """Say yes or take it back; saying it twice changes nothing. Not audited by name: votes are blind."""
    require(member, "idea.vote")
    idea = idea_for(member, idea_id)
    brief = brief_for(member, idea.brief_id, lock=True)
    if decision_of(brief) is not None:
        raise Refusal(_("The decision is made, so votes are closed. Yours before it still counts."))
    present = vote_of(member, idea)
    if yes and present is None:
        Vote(idea=idea, member=member).save(force_insert=True)
    if not yes and present is not None:
        present.delete()
    return idea
