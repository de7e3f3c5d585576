"""Likes, reposts, answers and quotes, by counting the events that name a post; there is nobody who counts for all.

Up to a relay's page they are read and counted once each over all relays; beyond it a relay that counts (NIP-45) is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from kitestring.connectorkit.contract import Reading, Session
from kitestring.connectors.nostr import limits
from kitestring.connectors.nostr.client import MANIFEST, Relay, ask, everywhere, good, relays
from kitestring.connectors.nostr.events import ANY_REPOST, COMMENT, FOLLOWS, NOTE, REACTION, REPOST, Event
from kitestring.connectors.nostr.line import MOST, Filter, Line
from kitestring.connectors.nostr.threads import parent_of
from kitestring.kit import clock

FIELDS: Final = {fact.key: fact.field for fact in MANIFEST.metrics}


def filters_for(post: str) -> dict[str, Filter]:
    """What names a post, by the metric it counts for."""
    return {
        "likes": {"kinds": [REACTION], "#e": [post]},
        "reposts": {"kinds": [REPOST, ANY_REPOST], "#e": [post]},
        "replies": {"kinds": [NOTE, COMMENT], "#e": [post]},
        "quotes": {"kinds": [NOTE], "#q": [post]},
    }


def counts_as(key: str, event: Event, post: str) -> bool:
    """Whether this event is one more of them: a like and no emoji or dislike, an answer to the post itself."""
    if key == "likes":
        return event.content in ("+", "")
    return key != "replies" or parent_of(event) == post


async def read(session: Session, posts: Sequence[str]) -> Sequence[Reading]:
    """One reading per post and metric of the manifest; a post no longer there gives none, and says so."""
    wanted = [post for post in posts if len(post) == 64]
    # An account's key is no event's id: with nothing to ask for, it still says whether anybody answers.
    there = {event.id for event in await ask(session, {"ids": wanted or [session.remote_id]})}
    at, readings = clock.now(), []
    for post in posts:
        if post not in there:
            readings += [Reading(post, key, None, field, at, "not_there") for key, field in FIELDS.items()]
            continue
        readings += await _of(session, post, at)
    return readings


async def _of(session: Session, post: str, at: datetime) -> list[Reading]:
    filters = filters_for(post)
    readings = []
    for key, field in FIELDS.items():
        events = await ask(session, {**filters[key], "limit": MOST})
        number = sum(counts_as(key, event, post) for event in events)
        if len(events) >= min(MOST, limits.kept(session, "events") or MOST):
            number = max(number, await _counted(session, filters[key]) or 0)
        readings.append(Reading(post, key, float(number), field, at))
    return readings


async def _counted(session: Session, one: Filter) -> int | None:
    """The most that a relay counts; None when none of them does."""
    counting: list[Relay] = [
        relay for relay in relays(session) if relay.place in (session.settings.get("counts") or ())
    ]
    if not counting:
        return None

    async def count(line: Line) -> int | None:
        return await line.count(one)

    return max(
        (number for number in good(await everywhere(counting, count)) if number is not None), default=None
    )


async def account(session: Session) -> Sequence[Reading]:
    """How many follow lists name the account, where a relay counts them; how many it follows itself."""
    at = clock.now()
    own = await ask(session, {"kinds": [FOLLOWS], "authors": [session.remote_id], "limit": 1})
    followers = await _counted(session, {"kinds": [FOLLOWS], "#p": [session.remote_id]})
    numbers: Mapping[str, int | None] = {
        "followers": followers,
        "following": len(set(own[-1].values("p"))) if own else None,
    }
    return [
        Reading(session.remote_id, fact.key, None, fact.field, at, "not_given")
        if (value := numbers.get(fact.key)) is None
        else Reading(session.remote_id, fact.key, float(value), fact.field, at)
        for fact in MANIFEST.account_metrics
    ]
