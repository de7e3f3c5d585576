"""Reads what is claimed against rules with an answer; it is kept with the answer and in the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from kitestring.domains.composing.actions.claim_exemption import checked_claim
from kitestring.domains.composing.models import Exemption
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Refusal
from kitestring.rulepacks import rules

WORDS = 200


def claimed_with(member: Member, claims: Iterable[Mapping[str, str]]) -> list[Exemption]:
    """Exemptions of no post, never saved: what each of `claims` says (rule, words, ground, reason, evidence, evidence_on).

    One without a ground claims nothing. Raises Refusal with the field that is missing.
    """
    found = []
    for values in claims:
        rule = rules().get(values.get("rule", ""))
        if not values.get("ground") or rule is None:
            continue
        ground = rule.exemption(values["ground"])
        if ground is None:
            raise Refusal(_("Choose which exemption it is. Nothing was sent."), field="ground")
        said = checked_claim(rule.id, ground, values)
        words = values.get("words", "")[:WORDS]
        found.append(Exemption(rule=rule.id, words=words, claimed_by=member, **said))
    return found
