"""What Slack counts: reactions and answers under a message, and the members of the channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.slack import auth, places, reading
from kitestring.connectors.slack.client import MANIFEST, workspace
from kitestring.kit import clock


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """All reactions added up, whatever the sign; the answers in the thread. A message without them has none of either."""
    at, found = clock.now(), []
    for post in posts:
        message = await _message(session, post)
        for fact in MANIFEST.metrics:
            value = None if message is None else _count(message, fact.field)
            found.append(Reading(post, fact.key, value, fact.field, at, "" if message else "not_there"))
    return found


async def _message(session: Session, post: str) -> dict[str, Any] | None:
    try:
        return await reading.single(session, *places.place_of(session, post))
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise


def _count(message: Mapping[str, Any], field: str) -> float:
    told = message.get(field) or 0
    return float(sum(int(one["count"]) for one in told) if isinstance(told, list) else int(told))


async def account(session: Session) -> Sequence[Reading]:
    """The members of the channel, the bot among them."""
    at, [fact] = clock.now(), MANIFEST.account_metrics
    told = await auth.info(workspace(session), places.home(session), include_num_members="true")
    value = told.get(fact.field)
    number = None if value is None else float(value)
    return [
        Reading(session.remote_id, fact.key, number, fact.field, at, "" if value is not None else "not_given")
    ]
