"""Statistics of a message to many, and the account's friends, as LINE tells them: a day late, never of fewer than 20 people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta, timezone
from typing import Any, Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.line.client import MANIFEST, channel
from kitestring.kit import clock

TOKYO: Final = timezone(timedelta(hours=9))  # LINE's days, wherever the account is


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """The readings of these posts. LINE answers 60 such questions an hour: what it no longer tells comes with the next round."""
    found: list[Reading] = []
    for post in posts:
        try:
            told = await channel(session).read("/v2/bot/insight/message/event", {"requestId": post})
        except Rejected as error:
            if error.reason != "not_there":
                raise
            found += _readings(post, {}, "not_there")
        except RetryLater:
            if not found:
                raise
            break
        else:
            found += _readings(post, told, "too_few_people")
    return found


def _readings(post: str, told: Mapping[str, Any], why: str) -> list[Reading]:
    return [
        Reading(post, fact.key, value, fact.field, clock.now(), "" if value is not None else why)
        for fact in MANIFEST.metrics
        for value in (_number(told, fact.field),)
    ]


def _number(told: Any, path: str) -> float | None:
    """The number at "overview.uniqueClick" or "messages[0].impression"; None where LINE tells none."""
    for step in path.replace("[", ".[").split("."):
        if step.startswith("["):
            place = int(step[1:-1])
            told = told[place] if isinstance(told, list) and len(told) > place else None
        else:
            told = told.get(step) if isinstance(told, Mapping) else None
    return float(told) if isinstance(told, (int, float)) and not isinstance(told, bool) else None


async def account(session: Session) -> Sequence[Reading]:
    """The friends of yesterday: those of today are not counted yet."""
    yesterday = (clock.now().astimezone(TOKYO) - timedelta(days=1)).strftime("%Y%m%d")
    told = await channel(session).read("/v2/bot/insight/followers", {"date": yesterday})
    ready = told.get("status") == "ready"
    return [
        Reading(
            session.remote_id,
            fact.key,
            value,
            fact.field,
            clock.now(),
            "" if value is not None else "not_counted_yet",
        )
        for fact in MANIFEST.account_metrics
        for value in (_number(told, fact.field) if ready else None,)
    ]
