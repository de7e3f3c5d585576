"""Sequences: several posts in fixed order on one account, one delivery. Their keys, and what an answer about one part means.

What is true of a post is true of each part. And: what is out stays out and is not sent again; whatever stops the rest is
put before a person, who is never told that it failed while some of it can be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from kitestring.domains.publishing.rules.next_step import RESTORED, Next
from kitestring.domains.publishing.rules.waiting import FIRST_LOOK

COMMENT: Final = "comment"
PARTLY_OUT: Final = "partly_out"


def parts_of(payload: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The parts as they were frozen, the head first; empty for what is one post."""
    found = payload.get("parts") or ()
    return found if len(found) > 1 else ()


class Standing(Protocol):
    """What is asked of a delivery here."""

    state: str
    part: int
    doubt_since: datetime | None
    head_withdrawn_at: datetime | None
    payload: Mapping[str, Any]


def parts_live(delivery: Standing) -> int:
    """How many of its parts can be read: all before the one in turn, or the one that proved live after all was taken down."""
    return 1 if delivery.head_withdrawn_at is not None else delivery.part


def left_in_doubt(delivery: Standing) -> bool:
    """Whether it ended while nobody knew of the part whose turn it was."""
    ended = delivery.state in ("published", "withdrawn") and delivery.doubt_since is not None
    return ended and 0 < delivery.part < len(parts_of(delivery.payload))


def key_of(key: UUID, place: int) -> UUID:
    """The key of a part for life: it follows from the delivery's, so that a restored ledger asks by the same one."""
    return key if place == 0 else UUID(hashlib.sha256(f"{key}/{place}".encode()).hexdigest()[:32])


def stamp_of(stamp: datetime, place: int) -> datetime:
    """A moment of its own for each part, in their order."""
    return stamp + timedelta(milliseconds=place)


def under(payload: Mapping[str, Any], place: int, before: str, head: str) -> str:
    """The remote id a part is put under: of the part before it; a comment stands under the head."""
    return head if parts_of(payload)[place].get("role") == COMMENT else before


def in_sequence(step: Next, place: int, parts: int, *, restored: Mapping[str, str | int] | None) -> Next:
    """What follows for the delivery when `step` follows for its part `place` of `parts`. One post: the same.

    `restored`: the ledger comes from a backup, the next part may be out by a try it knows nothing of: what to say of that.
    """
    if parts < 2:
        return step
    if step.state == "published" and place + 1 < parts:
        if restored is not None:
            return Next(
                "unknown", reason=RESTORED, params=restored, wait=FIRST_LOOK, doubt=True, live=step.live
            )
        return Next(PARTLY_OUT, live=step.live)
    if place == 0:
        return step
    if step.state == "scheduled":
        return replace(step, state=PARTLY_OUT)
    if step.state in ("held", "failed"):
        return replace(step, state="needs_attention")
    return step
