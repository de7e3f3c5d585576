"""Puts an idea on the shortlist, or takes it off."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.ideas.models import Idea
from kitestring.domains.ideas.queries import brief_for, decision_of, idea_for
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal


@transaction.atomic
def shortlist(member: Member, idea_id: UUID, *, on: bool) -> Idea:
    require(member, "idea.shortlist")
    idea = idea_for(member, idea_id)
    brief = brief_for(member, idea.brief_id, lock=True)
    if decision_of(brief) is not None:
        raise Refusal(_("The decision is made, so the shortlist stays as it was."))
    if (idea.shortlisted_at is not None) != on:
        idea.shortlisted_at = now() if on else None
        idea.save(update_fields=["shortlisted_at"])
        record(member, "idea.shortlist", idea, before={"on": not on}, after={"on": on})
    return idea
