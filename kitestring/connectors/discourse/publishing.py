"""Topics, answers and private messages.

A topic carries the delivery's key as its external id: the forum takes each only once and finds the topic by it. An answer has
no such key; it is found again by its words among what the account wrote in that topic since the delivery was made, and the
forum itself refuses the same words twice within minutes. The same call within two minutes is answered as the first one was.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.discourse import ids, limits, reviewing, writing
from kitestring.connectors.discourse.client import Forum, forum

CLOCKS_APART: Final = timedelta(minutes=2)
WHERE: Final = re.compile(r"/t/(?:[^/]+/)?(\d+)(?:\.json)?(?:/|$|\?)")


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest or this forum's settings forbid, and a place that is none."""
    check_outgoing(limits.of(session.settings), outgoing)
    private = bool(outgoing.options.get("recipients", "").strip())
    text, title = limits.least(session.settings, outgoing.kind, private)
    for place, words, limit in (("text", writing.words(outgoing), text), ("title", outgoing.title, title)):
        if len(words.strip()) < limit:
            params = {"count": len(words.strip()), "limit": limit}
            raise Rejected(place, f"{place}_too_short", params=params)
    if outgoing.kind == "reply":
        ids.post_in(outgoing.reply_to)
    elif outgoing.kind == "message" and not ids.TOPIC.fullmatch(outgoing.root):
        raise Rejected("reply_to", "deleted")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    check(session, outgoing)
    if outgoing.handle:
        return await follow(session, outgoing)
    there = forum(session)
    body = await writing.body_of(there, outgoing)
    try:
        made = await there.write("POST", "/posts.json", body)
    except Rejected as error:
        if error.reason == "key_used" and (found := await _by_key(there, str(outgoing.key))):
            return found
        raise
    if made.get("action") == "enqueued":
        return reviewing.begun(outgoing, made)
    return _published(there, outgoing, made)


def _published(there: Forum, outgoing: Outgoing, made: dict[str, Any]) -> Published:
    try:
        topic, post, number = int(made["topic_id"]), int(made["id"]), int(made["post_number"])
    except (KeyError, TypeError, ValueError) as error:
        raise Ambiguous("not_itself", said=json.dumps(made, ensure_ascii=False)[:300]) from error
    slug = str(made.get("topic_slug") or "-")
    if outgoing.kind == "topic":
        return Published(str(topic), f"{there.base}/t/{slug}/{topic}")
    return Published(f"{topic}/{post}", f"{there.base}/t/{slug}/{topic}/{number}")


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """What the forum's moderators made of it."""
    return await reviewing.follow(forum(session), outgoing)


NOTHING: Final = {"post_stream": {"posts": list[object]()}}


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """By the key for a topic, by the words for an answer; where it waits for a moderator, what became of it there."""
    there = forum(session)
    if outgoing.handle:
        return await reviewing.look(there, outgoing)
    if outgoing.kind == "topic":
        return await _by_key(there, str(outgoing.key))
    return await _by_words(there, outgoing)


async def _by_key(there: Forum, key: str) -> Published | None:
    """The topic that carries the key. The forum answers by the address of the topic, which it need not be asked."""
    try:
        answer = await there.call("GET", f"/t/external_id/{key}.json")
    except Rejected as error:
        if error.reason in ("not_there", "not_permitted"):
            return None
        raise
    found = WHERE.search(answer.headers.get("location", ""))
    if found is None:
        raise Ambiguous("not_itself", said=answer.headers.get("location", "")[:300])
    return Published(found[1], f"{there.base}/t/{found[1]}")


async def _by_words(there: Forum, outgoing: Outgoing) -> Published | None:
    topic = outgoing.root if outgoing.kind == "message" else ids.post_in(outgoing.reply_to)[0]
    try:
        told = await there.read(f"/t/{topic}.json", [("include_raw", "true")])
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise
    stream = [str(one) for one in shapes.listed(told, "post_stream", "stream")]
    asked = [("post_ids[]", one) for one in stream[-20:]]
    newest = (
        await there.read(f"/t/{topic}/posts.json", [*asked, ("include_raw", "true")]) if asked else NOTHING
    )
    wanted = writing.words(outgoing).split()
    for post in reversed(shapes.rows(newest, "post_stream", "posts")):
        mine = str(post.get("username", "")).casefold() == there.username.casefold()
        made = datetime.fromisoformat(str(post["created_at"]).replace("Z", "+00:00"))
        if mine and made >= outgoing.stamp - CLOCKS_APART and str(post.get("raw") or "").split() == wanted:
            number = int(post["post_number"])
            return Published(f"{topic}/{post['id']}", f"{there.base}/t/-/{topic}/{number}")
    return None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the topic or the post; what is gone already is fine."""
    topic, post = ids.post_in(remote_id)
    path = f"/posts/{post}.json" if post else f"/t/{topic}.json"
    try:
        await forum(session).call("DELETE", path, write=True)
    except Rejected as error:
        if error.reason != "not_there":
            raise
