"""Exemptions from rules as they stand in the reply box, typed so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.http import QueryDict

from kitestring.domains.composing.models import Exemption
from kitestring.domains.workspaces.models import Member

FIELDS: Final = ("rule", "words", "ground", "reason", "evidence", "evidence_on")
MOST: Final = 20  # rows of the box; more than any answer meets


def claims_in(data: QueryDict) -> list[dict[str, str]]:
    """Each row of the box that names a rule: its fields by name."""
    rows = ({name: data.get(f"claim-{place}-{name}", "") for name in FIELDS} for place in range(MOST))
    return [row for row in rows if row["rule"]]


def typed_claims(member: Member, claims: Sequence[dict[str, str]]) -> list[Exemption]:
    """As far as they are filled in, so that the box shows how far they go; nothing of it is kept."""
    return [
        Exemption(
            rule=one["rule"], words=one["words"], ground=one["ground"], reason=one["reason"],
            evidence=one["evidence"], evidence_on=_day(one["evidence_on"]), claimed_by=member,
        )
        for one in claims
        if one["ground"]
    ]  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
