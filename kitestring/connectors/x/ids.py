"""X's ids tell when they were made: milliseconds since its own epoch, above 22 bits that only tell them apart.

Source: xdevplatform/docs, X IDs (snowflake); the epoch 1288834974657 is in twitter-archive/snowflake, IdWorker.scala.
"""

from __future__ import annotations

from datetime import UTC, datetime

from kitestring.connectorkit.errors import Rejected

EPOCH = 1_288_834_974_657
LOW_BITS = 22


def first_of(moment: datetime) -> int:
    """The smallest id that could have been made at `moment` or later (0 before there were such ids)."""
    return max(0, int(moment.timestamp() * 1000) - EPOCH) << LOW_BITS


def made_at(remote_id: str) -> datetime:
    """When the post or message was made, to the millisecond."""
    return datetime.fromtimestamp(((int(remote_id) >> LOW_BITS) + EPOCH) / 1000, UTC)


def number(remote_id: str) -> str:
    """An id as it stands in a path. Raises Rejected("", "not_there") for what cannot be one."""
    if not (remote_id.isascii() and remote_id.isdecimal() and len(remote_id) <= 19):
        raise Rejected("", "not_there")
    return remote_id
