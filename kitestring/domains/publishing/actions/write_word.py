"""Keeps what a person said about a delivery as one of its attempts."""

from __future__ import annotations

from kitestring.domains.publishing.models import Delivery, Step
from kitestring.domains.publishing.queries.attempts import next_attempt
from kitestring.domains.workspaces.models import Member


def write_word(
    member: Member, delivery: Delivery, outcome: str, reason: str, part: int | None = None
) -> None:
    """A person's word is an attempt too: it stands in the timeline with their name. `part`: about which it was, if another
    than the one whose turn it is."""
    attempt = next_attempt(delivery, Step.PERSON)
    attempt.ended_at = attempt.started_at
    attempt.outcome = outcome
    attempt.part = delivery.part if part is None else part
    attempt.reason = reason
    attempt.reason_params = {"member": member.name}
    attempt.save(force_insert=True)
