"""What the channel has of a post, or may have, as the composer tells it: whole, on its way, in part, or nobody knows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Protocol

from kitestring.domains.publishing.rules.sequence import left_in_doubt, parts_of

WHOLE, MOVING, PARTLY, DOUBT = "whole", "moving", "partly", "doubt"
ON_ITS_WAY: Final = ("sending", "processing", "partly_out")


class Delivered(Protocol):
    """What is asked of a delivery here."""

    state: str
    part: int
    doubt_since: datetime | None
    head_withdrawn_at: datetime | None
    payload: Any


def out_there(delivery: Delivered) -> str:
    """One of the four; "" where surely nothing of it is there. What was in doubt and is settled is whole again."""
    if delivery.state == "published":
        if left_in_doubt(delivery):
            return DOUBT
        return PARTLY if 0 < delivery.part < len(parts_of(delivery.payload)) else WHOLE
    if delivery.state == "withdrawn":
        return DOUBT if left_in_doubt(delivery) else ""
    if delivery.state == "unknown" or delivery.doubt_since is not None:
        return DOUBT
    if delivery.state in ON_ITS_WAY:
        return MOVING
    return PARTLY if delivery.state == "needs_attention" and delivery.part > 0 else ""
