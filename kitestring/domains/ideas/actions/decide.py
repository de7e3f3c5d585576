"""Picks one idea with a reason and keeps the runners-up. `composing.start_from_decision` carries it on."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.ideas.models import Decision
from kitestring.domains.ideas.queries import brief_for, decision_of, idea_for, shortlist_of
from kitestring.domains.ideas.rules import LONGEST_ANSWER, holes
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean


@transaction.atomic
def decide(member: Member, idea_id: UUID, reason: str) -> Decision:
    """Raises Refusal when the brief has holes, is decided already, or no reason is given."""
    require(member, "decision.make")
    idea = idea_for(member, idea_id)
    brief = brief_for(member, idea.brief_id, lock=True)
    if decision_of(brief) is not None:
        raise Refusal(_("This brief is decided already. The first decision was kept."))
    missing = holes({"key_message": brief.key_message, "response": brief.response})
    if "key_message" in missing:
        raise Refusal(
            _("The brief has no key message yet, so nothing can be held against it. Write it, then decide.")
        )
    if missing:
        raise Refusal(_("The brief does not say which single response is wanted. Choose it, then decide."))
    reason = clean(reason)[:LONGEST_ANSWER]
    if not reason:
        raise Refusal(_("Say why, in a sentence. Somebody will ask in three months."), field="reason")
    decision = Decision(brief=brief, idea=idea, reason=reason, decided_by=member)
    decision.save(force_insert=True)
    decision.runners_up.set(shortlist_of(brief).exclude(pk=idea.pk))
    record(member, "decision.make", decision, after={"idea": idea.text, "reason": reason})
    return decision
