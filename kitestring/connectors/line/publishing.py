"""Sending to friends, to some of them, or to one who wrote; once, by LINE's retry key.

Two steps. First LINE looks the messages over (`validate`, which sends nothing) and the moment is stored. Then the first
`follow` sends under the delivery's key. LINE keeps a key for 24 hours and lists nothing that was sent: so after a lost
answer the very same request goes out again under the same key, which sends it or names the request that was accepted before.
When the hours are nearly over nobody can tell any more, and a person is asked.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.line import composing, narrowcast
from kitestring.connectors.line.client import MANIFEST, Sent, channel
from kitestring.kit import clock

# A request that still runs when the 24 hours end must not find its key forgotten.
KEY_KEPT: Final = timedelta(hours=23)


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, more than five message objects, files without an address, an audience that is none."""
    check_outgoing(MANIFEST, outgoing)
    limit = MANIFEST.kind(outgoing.kind).text.limit
    count = len(composing.words(outgoing).encode("utf-16-le")) // 2
    if count > limit:
        raise Rejected("text", "too_long_with_link", params={"count": count, "limit": limit})
    composing.addressed(outgoing)
    composing.bubbles(outgoing)


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Have the messages looked over. Nothing of them can appear before the first `follow`."""
    check(session, outgoing)
    if outgoing.handle:
        return await follow(session, outgoing)
    way, _ = composing.addressed(outgoing)
    await channel(session).validate(way, composing.bubbles(outgoing))
    return _step({"at": clock.now().isoformat()})


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Send it, or ask how far a narrowcast is."""
    done = _done(outgoing)
    if request := done.get("request"):
        return await narrowcast.progress(session, str(request))
    if (done.get("doubt") or outgoing.restored) and _forgotten(done):
        raise Ambiguous("key_forgotten")
    way, more = composing.addressed(outgoing)
    body = {**more, "messages": composing.bubbles(outgoing)}
    sent = await channel(session).send(way, body, str(outgoing.key))
    if way == "narrowcast" and sent.request:
        return Processing(json.dumps({**done, "request": sent.request}), poll_after=narrowcast.EVERY)
    return Published(_id(way, sent, outgoing))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Where it stands by what is known of it. The looking itself sends nothing; the next `follow` does, under the same key.

    Without a handle the messages were never more than looked over, unless the handle was lost with what came after a
    backup. Raises Ambiguous when LINE has forgotten the key: then only a person can know.
    """
    done = _done(outgoing)
    if request := done.get("request"):
        return await narrowcast.progress(session, str(request))
    if not done:
        if outgoing.restored:
            raise Ambiguous("handle_lost")
        return None
    if _forgotten(done):
        raise Ambiguous("key_forgotten")
    return _step({**done, "doubt": True}, poll_after=5.0)


def _step(done: dict[str, Any], poll_after: float = 0.0) -> Processing:
    return Processing(json.dumps(done), poll_after=poll_after, handed_over=False)


def _id(way: str, sent: Sent, outgoing: Outgoing) -> str:
    """A private message has an id of its own. A post to many is known by its request, as the statistics want it."""
    if way == "push":
        for message in sent.body.get("sentMessages") or ():
            if isinstance(message, dict) and message.get("id"):
                return str(message["id"])
    return sent.request or str(outgoing.key)


def _forgotten(done: dict[str, Any]) -> bool:
    try:
        return clock.now() - datetime.fromisoformat(str(done["at"])) > KEY_KEPT
    except (KeyError, ValueError, TypeError):
        return True


def _done(outgoing: Outgoing) -> dict[str, Any]:
    try:
        done = json.loads(outgoing.handle) if outgoing.handle else {}
    except ValueError as error:
        raise RetryLater("broken", said="the stored handle cannot be read") from error
    return done if isinstance(done, dict) else {}
