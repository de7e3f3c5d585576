"""Publishing on LinkedIn, which takes no key of ours.

A Page's post goes out in two steps: first it is kept what stands there already, then it is posted; after a lost answer it is the
newer one with these words. A person's consent reads nothing back: there the post goes out at once, and a doubt is a person's.
"""

from __future__ import annotations

import json
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected
from kitestring.connectors.linkedin import comments, drafting, finding, uploading, urns
from kitestring.connectors.linkedin.client import Api, api

check = drafting.check
RIGHTS = {"page": "w_organization_social", "person": "w_member_social"}


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Bring the files there, see what stands there already, and post where nothing must be kept first."""
    check(session, outgoing)
    if session.grant.scopes and RIGHTS.get(session.account_type, "") not in session.grant.scopes:
        raise GrantExpired("scope_missing")
    caller = api(session)
    known = await _with_files(caller, session, outgoing)
    if session.account_type == "page":
        return _ready(await _before(caller, session, outgoing, known))
    if known["wait"]:
        return _ready(known)
    try:
        return await _post(caller, session, outgoing, known)
    except Rejected as error:
        # Who may not read learns only now that a file of an earlier try is gone; nothing was posted.
        if error.reason != "media_lost":
            raise
        for place, media in enumerate(outgoing.media):
            await outgoing.uploads.forget(media, str(place))
        known = await _with_files(caller, session, outgoing)
        return _ready(known) if known["wait"] else await _post(caller, session, outgoing, known)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Post as soon as every file is ready. Raises Rejected("media", "processing_failed") when one cannot be."""
    caller, known = api(session), _known(outgoing)
    for name in known.get("wait") or ():
        found = await uploading.state(caller, name)
        if found is None:
            raise Rejected("media", "media_lost")
        if not found.ready:
            return _ready(known)
    return await _post(caller, session, outgoing, known)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """What is newer than the handle says, with these words; None when there is none.

    Without a handle nothing was sent, unless the handle was lost with what came after a backup: then a person looks.
    """
    caller, known = api(session), _known(outgoing)
    if "since" not in known and not outgoing.restored:
        return None
    since = int(known.get("since") or outgoing.stamp.timestamp() * 1000)
    seen = {str(one) for one in known.get("seen") or ()}
    if outgoing.kind == "reply":
        on = str(known.get("on") or (await comments.place(caller, outgoing)).on)
        found = await comments.find(caller, session, outgoing, on, since, seen)
    else:
        found = await finding.find(caller, session, outgoing, since, seen)
    if found is None:
        return None
    done = Published(found, address(session, found))
    if "since" not in known:
        raise Ambiguous("handle_lost", said=done.url)
    return done


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the post or comment; one already gone is fine."""
    try:
        if urns.is_comment(remote_id):
            await comments.remove(api(session), session, remote_id)
        else:
            await api(session).change("DELETE", f"posts/{urns.post(remote_id)}", restli="DELETE")
    except Rejected as error:
        if error.reason != "not_there":
            raise


def address(session: Session, remote_id: str) -> str:
    """Where a person reads it."""
    if urns.is_comment(remote_id):
        thread, _ = urns.comment(remote_id)
        return f"{session.urls['web']}/feed/update/{thread}?commentUrn={urns.encoded(remote_id)}"
    return f"{session.urls['web']}/feed/update/{remote_id}"


async def _with_files(caller: Api, session: Session, outgoing: Outgoing) -> dict[str, Any]:
    """What an earlier try kept, with the files as they are there now."""
    files = [await uploading.sent(caller, session, outgoing, place) for place in range(len(outgoing.media))]
    shown = [drafting.shown(media, one.name) for media, one in zip(outgoing.media, files, strict=True)]
    return _known(outgoing) | {"files": shown, "wait": [one.name for one in files if not one.ready]}


async def _before(caller: Api, session: Session, outgoing: Outgoing, known: dict[str, Any]) -> dict[str, Any]:
    """What stands there before anything is sent; what an earlier try of this delivery kept stays."""
    if "since" in known:
        return known
    if outgoing.kind == "reply":
        spot = await comments.place(caller, outgoing)
        since, seen = await comments.newest(caller, spot.on)
        return known | {"on": spot.on, "parent": spot.parent, "since": since, "seen": seen}
    since, seen = await finding.newest(caller, session)
    return known | {"since": since, "seen": seen}


async def _post(caller: Api, session: Session, outgoing: Outgoing, known: dict[str, Any]) -> Published:
    if outgoing.kind == "reply":
        spot = comments.Spot(str(known.get("on") or ""), str(known.get("parent") or ""))
        made = await comments.write(
            caller, session, outgoing, spot if spot.on else comments.guessed(outgoing)
        )
        return Published(made, address(session, made))
    body = drafting.body_of(session, outgoing, known.get("files") or ())
    answer = await caller.call("POST", "posts", write=True, body=body)
    made = answer.headers.get("x-restli-id", "")
    if not made.startswith("urn:li:"):
        raise Ambiguous("not_itself", said=calls.words(answer))
    return Published(made, address(session, made))


def _ready(known: dict[str, Any]) -> Processing:
    wait = uploading.AGAIN if known.get("wait") else 0.0
    return Processing(json.dumps(known), poll_after=wait, handed_over=False)


def _known(outgoing: Outgoing) -> dict[str, Any]:
    try:
        found = json.loads(outgoing.handle or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
