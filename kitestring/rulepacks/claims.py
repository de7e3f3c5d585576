"""What somebody claims against a rule: which exemption, on which document; and whether that is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from kitestring.rulepacks.folding import canonical
from kitestring.rulepacks.model import Rule

Standing = Literal["", "accepted", "unknown", "no_evidence", "expired", "not_shown"]

# A document dated tomorrow is good: the writer's day may have begun before ours.
AHEAD: Final = timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """`exemption` is one of the rule's ids; `evidence` the name of the document, `evidence_on` its date."""

    exemption: str
    evidence: str = ""
    evidence_on: date | None = None


# By rule and canonical words (see `folding.canonical`); "" for what has no words.
Claims = Mapping[tuple[str, str], Claim]


def standing(rule: Rule, claim: Claim | None, text: str, today: date) -> Standing:
    """How far the claim goes: "" when there is none, "accepted", or what it lacks. `text`: canonical words of the whole post."""
    if claim is None:
        return ""
    exemption = rule.exemption(claim.exemption)
    if exemption is None:
        return "unknown"
    if not exemption.evidence:
        return "accepted"
    if not claim.evidence.strip() or claim.evidence_on is None or claim.evidence_on > today + AHEAD:
        return "no_evidence"
    if exemption.valid_days is not None and claim.evidence_on + timedelta(days=exemption.valid_days) < today:
        return "expired"
    if exemption.shown and canonical(claim.evidence) not in text:
        return "not_shown"
    return "accepted"
