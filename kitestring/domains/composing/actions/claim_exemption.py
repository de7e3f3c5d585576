"""Says that a rule does not hold for some words of a post, and on which ground; or takes that back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.actions.save_post import refuse_older
from kitestring.domains.composing.models import Exemption, Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.desk import sides_of
from kitestring.domains.composing.queries.exemptions import exemption_on
from kitestring.domains.composing.queries.ruled import lacks
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean
from kitestring.rulepacks import Claim, standing
from kitestring.rulepacks import Exemption as Ground
from kitestring.rulepacks import rules as all_rules

LONGEST_NAME = 200
LONGEST_REASON = 2000


@transaction.atomic
def claim_exemption(
    member: Member, post_id: UUID, values: Mapping[str, str], version: int, tab: str = ""
) -> Exemption:
    """`values`: rule, words, ground, reason, evidence, evidence_on (ISO). Claimed again it takes the place of the earlier.

    A ground with a document needs its name and date, any other a reason. Raises Refusal with the field, or Conflict.
    """
    require(member, "post.write")
    post = post_for(member, post_id, lock=True)
    refuse_older(post, version, member, tab)
    rule, words = values.get("rule", ""), values.get("words", "")
    _refuse_idle(post, rule, words)
    ground = all_rules()[rule].exemption(values.get("ground", ""))
    if ground is None:
        raise Refusal(_("Choose which exemption it is. Nothing was changed."), field="ground")
    said = checked_claim(rule, ground, values)
    row = exemption_on(post, rule, words) or Exemption(post=post, rule=rule, words=words)
    before = (
        {} if row._state.adding else {"exemption": row.ground, "evidence": row.evidence, "reason": row.reason}
    )
    for name, value in said.items():
        setattr(row, name, value)
    row.claimed_by, row.claimed_at = member, now()
    row.save()
    touch(post, member, tab)
    record(member, "post.exempt", post, before=before, after=_told(row))
    return row


@transaction.atomic
def drop_exemption(member: Member, post_id: UUID, rule: str, words: str, version: int, tab: str = "") -> None:
    """The rule holds again for these words. One that is not there is none already."""
    require(member, "post.write")
    post = post_for(member, post_id, lock=True)
    refuse_older(post, version, member, tab)
    row = exemption_on(post, rule, words)
    if row is not None:
        record(member, "post.unexempt", post, before=_told(row))
        row.delete()
        touch(post, member, tab)


def _refuse_idle(post: Post, rule: str, words: str) -> None:
    """An exemption is for what a rule says of this post now."""
    if not any(
        (one.hit.rule, one.hit.words) == (rule, words) for side in sides_of(post, "en") for one in side.ruled
    ):
        raise Refusal(_("These words are no longer in the post. Nothing was changed."), reason="gone")


def checked_claim(rule: str, ground: Ground, values: Mapping[str, str]) -> dict[str, Any]:
    """What was claimed as it is kept: ground, reason, evidence, evidence_on. Raises Refusal with the field that is missing."""
    reason = clean(values.get("reason", ""))[:LONGEST_REASON]
    if not ground.evidence:
        if not reason:
            raise Refusal(_("Say in a sentence why it holds: who approves reads it."), field="reason")
        return {"ground": ground.id, "reason": reason, "evidence": "", "evidence_on": None}
    name = clean(values.get("evidence", ""))[:LONGEST_NAME]
    if not name:
        raise Refusal(_("Name the document, as it is called on its first page."), field="evidence")
    try:
        day = date.fromisoformat(values.get("evidence_on", ""))
    except ValueError as error:
        raise Refusal(_("Give the date of the document."), field="evidence_on") from error
    stands = standing(all_rules()[rule], Claim(ground.id, name, day), "", now().date())
    if stands == "no_evidence":
        raise Refusal(_("This date lies ahead. Give the date of the document."), field="evidence_on")
    if stands == "expired":
        raise Refusal(lacks(stands), field="evidence_on")
    return {"ground": ground.id, "reason": reason, "evidence": name, "evidence_on": day}


def _told(row: Exemption) -> dict[str, Any]:
    told = {"rule": row.rule, "words": row.words, "exemption": row.ground, "reason": row.reason}
    day = row.evidence_on.isoformat() if row.evidence_on else ""
    return told | {"evidence": row.evidence, "evidence_on": day}
