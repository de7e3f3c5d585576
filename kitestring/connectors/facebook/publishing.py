"""Publishing on a Page in two steps: first something that nobody sees, whose id is stored, then the word that puts it live.

The first step (a draft, an uploaded video) may be lost or repeated without harm. The second only turns one known thing
live, so that it can be asked for and said again: no post appears twice. Comments and messages have no such step; after
a lost answer they are looked for by their words.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.facebook import comments, feed, reel, story, video
from kitestring.connectors.facebook.client import MANIFEST, desk, page
from kitestring.connectors.facebook.steps import GONE, Step
from kitestring.providers.meta.graph import number

STEPS: Final[dict[str, Step]] = {"post": feed, "video": video, "reel": reel, "story": story}


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and a partner's id that is none."""
    check_outgoing(MANIFEST, outgoing, session.account_type)
    if outgoing.kind in ("reply", "message"):
        number(outgoing.reply_to)
    sponsor = outgoing.options.get("sponsor_id", "").strip()
    if sponsor and not (sponsor.isascii() and sponsor.isdigit()):
        raise Rejected("options.sponsor_id", "sponsor_unknown")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """A comment or message goes out at once. Anything else is laid down unseen, and `follow` puts it live."""
    check(session, outgoing)
    if outgoing.kind == "reply":
        return await comments.send(session, outgoing)
    if outgoing.kind == "message":
        return await desk(session).send(outgoing)
    step, graph, done = STEPS[outgoing.kind], page(session), _done(outgoing)
    if done:
        there = await step.state(session, graph, done)
        if there is not GONE:
            return _as_outcome(there, done)
    made = await step.make(session, graph, outgoing)
    return Processing(json.dumps(made), poll_after=0.0, handed_over=False)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Put it live, or ask how far Facebook is with it."""
    step, graph, done = STEPS[outgoing.kind], page(session), _done(outgoing)
    return await step.go_on(session, graph, done, outgoing)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Where it stands by what is known of it; None when it surely is not live."""
    if outgoing.kind == "reply":
        return await comments.find(session, outgoing)
    if outgoing.kind == "message":
        return await desk(session).find(outgoing)
    done = _done(outgoing)
    if not done:
        if outgoing.restored:
            raise Ambiguous("handle_lost")
        return None
    there = await STEPS[outgoing.kind].state(session, page(session), done)
    return None if there is GONE or there is None else _as_outcome(there, done)


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the post, comment or video; one already gone is fine. Messages cannot be taken back."""
    if remote_id.startswith("m_"):
        raise Rejected("", "message_stays")
    try:
        await page(session).delete(number(remote_id))
    except Rejected as error:
        if error.reason != "not_there":
            raise


def _done(outgoing: Outgoing) -> dict[str, Any]:
    done = json.loads(outgoing.handle) if outgoing.handle else {}
    return done if isinstance(done, dict) else {}


def _as_outcome(there: Any, done: dict[str, Any]) -> Outcome:
    """What `state` found; None is "there, and not live": the next `follow` puts it live."""
    if there is None:
        return Processing(json.dumps(done), poll_after=0.0, handed_over=False)
    found: Outcome = there
    return found
