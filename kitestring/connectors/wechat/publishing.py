"""Publishing in steps, each stored before the next: draft, then mass send or publish, then waiting for the end.

The handle is JSON: {"draft", "cover", "at"} after the first step, with {"msg_id", "data"} (mass send) or {"publish_id",
"data"} (publish) after the second. A crash at any point goes on from there and repeats nothing a reader could see:
a mass send carries our key as `clientmsgid` (repeats are refused for 24 hours and told the first one's id), and a
draft leaves the box when it goes out, so one that is still there was not published. Private messages: `messages.py`.
"""

from __future__ import annotations

import json
from typing import Any

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.wechat import (
    audience,
    bulk_step,
    drafts,
    ids,
    messages,
    picture_step,
    publish_step,
    replies,
    send_step,
)
from kitestring.connectors.wechat.client import MANIFEST, app
from kitestring.kit import clock

STEPS = {
    "mass_send": send_step,
    "publish": publish_step,
    "pictures": picture_step,
    **dict.fromkeys(bulk_step.KINDS, bulk_step),
}


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids for this type of account."""
    check_outgoing(MANIFEST, outgoing, session.account_type)
    if outgoing.kind == "reply":
        ids.comment(outgoing.reply_to)
    elif outgoing.kind == "message":
        messages.check(outgoing)
    elif outgoing.kind in bulk_step.KINDS:
        bulk_step.check(outgoing)
    audience.check(outgoing)


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """A reply goes out at once. An article gets its draft; it and a message are sent by the first `follow`."""
    check(session, outgoing)
    if outgoing.kind == "message":
        return messages.begin(outgoing)
    caller = app(session)
    if outgoing.kind == "reply":
        return await replies.send(caller, outgoing)
    done = _done(outgoing)
    if done.get("msg_id") or done.get("publish_id"):
        return Processing(outgoing.handle, poll_after=1.0)
    if outgoing.kind in bulk_step.KINDS:
        return await bulk_step.begin(caller, outgoing, done)
    if not done.get("draft") or not await drafts.exists(caller, done["draft"]):
        make = picture_step.make if outgoing.kind == "pictures" else drafts.make
        draft, cover = await make(session, caller, outgoing)
        done = {"draft": draft, "cover": cover}
    done = {"at": clock.now().isoformat(), **done}
    return Processing(json.dumps(done), poll_after=0.0, handed_over=False)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """The next step of what the handle says is done: send or publish the draft, then ask how far it is."""
    caller, done = app(session), _done(outgoing)
    if outgoing.kind == "message":
        return await messages.send(caller, outgoing)
    step = STEPS[outgoing.kind]
    if step.KEY in done:
        outcome: Outcome = await step.ask(caller, outgoing, done)
    elif done.get("draft") or done.get("at"):
        outcome = await step.start(session, caller, outgoing, done)
    else:
        raise Rejected("media", "draft_gone")
    return outcome


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Where it stands by what is known of it; None when the channel does not have it.

    Without a handle no draft was ever handed over, so nothing can be out, unless the handle was lost with what came
    after a backup: then a person looks. The looking itself cannot send: it offers a mass send again only when its
    draft has left the box, and a draft that has gone cannot be sent.
    """
    caller, done = app(session), _done(outgoing)
    if outgoing.kind == "reply":
        return await replies.look_up(caller, outgoing)
    if outgoing.kind == "message":
        return messages.look_up(outgoing)
    step = STEPS[outgoing.kind]
    if step.KEY in done:
        found: Outcome = await step.ask(caller, outgoing, done)
        return found
    if not done and outgoing.restored:
        raise Ambiguous("handle_lost")
    if not done or (done.get("draft") and await drafts.exists(caller, done["draft"])):
        return None
    return await step.find(session, caller, outgoing, done)  # type: ignore[no-any-return]  # steps are loaded by name


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the article for everyone, or our reply; what is gone already is fine."""
    caller = app(session)
    if "#" in remote_id:
        await replies.withdraw(caller, remote_id)
        return
    there = None if ids.is_message(remote_id) else ids.article(remote_id)
    if there is None or there.fixed:
        raise Rejected("", "stays_sent")
    path = "message/mass/delete" if there.msg_id else "freepublish/delete"
    payload: dict[str, Any] = (
        {"msg_id": int(there.msg_id), "article_idx": there.number}
        if there.msg_id
        else {"article_id": there.article_id, "index": there.number}
    )
    try:
        await caller.call(f"/cgi-bin/{path}", payload, write=True)
    except Rejected as error:
        if error.reason != "gone":
            raise


def _done(outgoing: Outgoing) -> dict[str, Any]:
    done = json.loads(outgoing.handle) if outgoing.handle else {}
    return done if isinstance(done, dict) else {}
