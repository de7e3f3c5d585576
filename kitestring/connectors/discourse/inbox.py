"""Answers under our topics, private messages, and who names us: what is new by the forum's own lists, then those posts.

Few calls: the list of topics that moved last, the list of private talks and the notifications; a topic is read only when its
highest number is another one than we know. A forum lets an API key make 60 calls a minute.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discourse.client import Forum, forum
from kitestring.connectors.discourse.ids import TOPIC
from kitestring.connectors.discourse.incoming import Reader, message_of

AT_ONCE: Final = 12  # topics read in one fetch; the rest comes with the next
KNOWN: Final = 700  # topics whose highest number is remembered
LATEST: Final = 100  # the forum's most for one list
CHUNK: Final = 20  # posts the forum gives at once
MENTIONED: Final = 1  # site.json, notification_types


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """The cursor: {"topics": {topic: highest number read}, "told": the newest notification} as JSON."""
    there, reader = forum(session), Reader(forum(session).username, session.urls["api"])
    state: dict[str, Any] = json.loads(cursor) if cursor else {"topics": {}, "told": 0}
    known: dict[str, int] = dict(state["topics"])
    found: list[Incoming] = []
    public = await _moved(there, [post for post in posts if TOPIC.fullmatch(post)], known)
    private = await _private(there, known)
    for topic, highest in [*private.items(), *public.items()][:AT_ONCE]:
        kind: Literal["comment", "message"] = "message" if topic in private else "comment"
        read = await _posts(there, topic, known.get(topic, 0 if kind == "message" else 1))
        numbers = {int(post["post_number"]): f"{topic}/{post['id']}" for post in read}
        found += shapes.each(read, partial(_message, reader, kind, numbers))
        known[topic] = max([highest, *numbers])
    mentions, told = await _mentions(there, reader, set(posts), int(state["told"]))
    kept = dict(list(known.items())[-KNOWN:])
    return IncomingPage(
        [*found, *mentions], json.dumps({"topics": kept, "told": told}, separators=(",", ":"))
    )


def _message(
    reader: Reader, kind: Literal["comment", "message"], numbers: Mapping[int, str], post: dict[str, Any]
) -> Incoming | None:
    above = numbers.get(int(post.get("reply_to_post_number") or 0), "")
    return message_of(post, reader, kind, above)


async def _moved(there: Forum, posts: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Our topics with a higher number than we know, and those never read: topic -> highest number."""
    told = await there.read("/latest.json", [("per_page", str(LATEST))])
    listed = _highest(told)
    moved = {topic: listed[topic] for topic in posts if listed.get(topic, 0) > known.get(topic, 0)}
    # Not among those that moved last and never read: an old topic, or one in a category that list leaves out.
    return moved | {topic: 1 for topic in posts if topic not in known and topic not in listed}


async def _private(there: Forum, known: Mapping[str, int]) -> dict[str, int]:
    told = await there.read(f"/topics/private-messages/{there.username}.json")
    return {topic: number for topic, number in _highest(told).items() if number > known.get(topic, 0)}


def _highest(told: Mapping[str, Any]) -> dict[str, int]:
    topics = (told.get("topic_list") or {}).get("topics") or ()
    return {str(one["id"]): int(one.get("highest_post_number") or 0) for one in shapes.sound(topics, "id")}


async def _posts(there: Forum, topic: str, after: int) -> list[dict[str, Any]]:
    """The posts of the topic with a number above `after`, the newest 60 at most; none where the topic is gone."""
    try:
        told = await there.read(f"/t/{topic}.json")
    except Rejected as error:
        if error.reason in ("not_there", "not_permitted"):
            return []
        raise
    stream = told.get("post_stream") or {}
    first = shapes.sound(stream.get("posts") or (), "id", "post_number")
    seen = {post["id"] for post in first}
    rest = [one for one in stream.get("stream") or () if one not in seen][-3 * CHUNK :]
    for start in range(0, len(rest), CHUNK):
        asked = [("post_ids[]", str(one)) for one in rest[start : start + CHUNK]]
        more = await there.read(f"/t/{topic}/posts.json", asked)
        first += shapes.sound((more.get("post_stream") or {}).get("posts") or [], "id", "post_number")
    return [post for post in first if int(post.get("post_number") or 0) > after]


async def _mentions(there: Forum, reader: Reader, ours: set[str], told: int) -> tuple[list[Incoming], int]:
    """Posts elsewhere that name the account, since the notification `told`."""
    listed = (await there.read("/notifications.json")).get("notifications") or []
    fresh = [one for one in listed if int(one.get("id") or 0) > told]
    found: list[Incoming] = []
    for one in fresh:
        post = (one.get("data") or {}).get("original_post_id")
        if one.get("notification_type") != MENTIONED or not post or str(one.get("topic_id")) in ours:
            continue
        try:
            message = message_of(await there.read(f"/posts/{post}.json"), reader, "mention")
        except Rejected as error:
            if error.reason not in ("not_there", "not_permitted"):
                raise
            continue
        if message is not None and not message.own:
            found.append(message)
    return found, max([told, *(int(one.get("id") or 0) for one in fresh)])
