"""Says yes to changed words, or sends them back with a note. The yes is bound to the words by their digest."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.publishing.actions.ask_rewording import refuse_words, wake
from kitestring.domains.publishing.models import Rewording, RewordingState
from kitestring.domains.publishing.models.rewording import GRAPH
from kitestring.domains.publishing.queries.rewordings import can_reword, held_rewording, who_else_says_yes
from kitestring.domains.reviewing.actions.decide_approval import own_question
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.kit.text import clean


@transaction.atomic
def approve_rewording(member: Member, one: Rewording, seen: str) -> Rewording:
    """`seen`: the digest of the words that were read. Four eyes where there are four, as with posts."""
    require(member, "approval.give")
    held_rewording(one)
    if one.state == RewordingState.ASKED and one.approved_digest == seen:
        return one
    _refuse_answered(one, RewordingState.ASKED)
    if one.digest != seen:
        raise Conflict(
            _("These are other words than those you read. Nothing was approved: read them as they stand.")
        )
    if others := who_else_says_yes(member, one):
        raise Refusal(own_question(others), reason="own_question")
    if not can_reword(one.delivery):
        raise Refusal(
            _("These words cannot be changed from here any more. Send the change back."), reason="cannot"
        )
    refuse_words(one.delivery, one.text, one.title)
    GRAPH.check(one.state, RewordingState.ASKED)
    one.state, one.asked_at = RewordingState.ASKED, now()
    one.decided_by, one.decided_at, one.approved_digest = member, now(), one.digest
    one.save(update_fields=["state", "asked_at", "decided_by", "decided_at", "approved_digest"])
    record(member, "delivery.reword_approve", one.delivery, after={"text": one.text})
    wake(one.pk)
    return one


@transaction.atomic
def decline_rewording(member: Member, one: Rewording, note: str) -> Rewording:
    """Send it back; the note says what to change. The live words stay."""
    require(member, "approval.give")
    held_rewording(one)
    _refuse_answered(one, RewordingState.DECLINED)
    if not clean(note):
        raise Refusal(_("Say what should change, in a sentence. Nothing was sent back yet."), field="note")
    GRAPH.check(one.state, RewordingState.DECLINED)
    one.state, one.note = RewordingState.DECLINED, clean(note)[:5000]
    one.decided_by = member
    one.decided_at = one.ended_at = now()
    one.save(update_fields=["state", "note", "decided_by", "decided_at", "ended_at"])
    record(member, "delivery.reword_decline", one.delivery, after={"note": one.note})
    return one


def _refuse_answered(one: Rewording, to: RewordingState) -> None:
    if not GRAPH.allows(one.state, to):
        raise Refusal(_("This was answered already. The first answer was kept."))
