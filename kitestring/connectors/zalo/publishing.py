"""Publishing in steps, each stored before the next: an article is made hidden, asked for its id, and shown by that id.

The handle is JSON: {"pictures", "names", "token"} after the first step, with "id" once it is known. A hidden article nobody
sees, and showing one that is shown changes nothing: whatever is done twice, there is one article.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, Rejected
from kitestring.connectors.zalo import articles, messages
from kitestring.connectors.zalo.client import MANIFEST, Oa, oa

POLL: Final = 5.0


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and pictures that Zalo could not fetch."""
    check_outgoing(MANIFEST, outgoing)


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """A message goes out at once. An article is made, hidden."""
    check(session, outgoing)
    if outgoing.kind == "message":
        return await messages.send(session, outgoing)
    if outgoing.handle:
        return Processing(outgoing.handle, poll_after=0.0, handed_over=False)
    pictures = [one.public_url for one in outgoing.media]
    names = [one.name for one in outgoing.media]
    hidden = articles.made(session, outgoing, pictures, names, shown=False)
    told = await oa(session).post("/v2.0/article/create", hidden, write=False)
    return _step({"pictures": pictures, "names": names, "token": _named(told, "token")}, wait=POLL)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """The next step: ask for the id, then show the article by it."""
    caller, done = oa(session), _done(outgoing)
    if not done.get("id"):
        told = await caller.post("/v2.0/article/verify", {"token": done.get("token", "")}, write=False)
        if not isinstance(told, Mapping) or not told.get("id"):
            return _step(done, wait=POLL)
        return _step({**done, "id": str(told["id"])}, wait=0.0)
    shown = articles.made(session, outgoing, done["pictures"], done.get("names", ()), shown=True)
    await caller.post("/v2.0/article/update", {"id": done["id"], **shown}, write=True)
    return Published(done["id"], await _address(caller, done["id"]))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Whether the article of the handle is shown. Without an id none can be, unless the handle was lost with a backup."""
    if outgoing.kind == "message":
        return await messages.look_up(session, outgoing)
    done = _done(outgoing)
    if not done and outgoing.restored:
        raise Ambiguous("handle_lost")
    if not done.get("id"):
        return None
    try:
        told = await oa(session).get("/v2.0/article/getdetail", id=done["id"])
    except Rejected as error:
        if error.reason != "not_there":
            raise
        return None
    if not shapes.told(told).get("status"):
        raise shapes.odd(told)
    if told["status"] != "show":
        return None
    return Published(done["id"], str(told.get("link_view") or ""))


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the article; one already gone is fine."""
    try:
        await oa(session).post("/v2.0/article/remove", {"id": remote_id}, write=True)
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _address(caller: Oa, article: str) -> str:
    """Where it is read; it is live whether or not that can be found out now."""
    try:
        told = await caller.get("/v2.0/article/getdetail", id=article)
    except ConnectorError:
        return ""
    return str(told.get("link_view") or "") if isinstance(told, Mapping) else ""


def _step(done: dict[str, Any], *, wait: float) -> Processing:
    return Processing(json.dumps(done, separators=(",", ":")), poll_after=wait, handed_over=False)


def _named(told: Any, name: str) -> str:
    found = str(told.get(name) or "") if isinstance(told, Mapping) else ""
    if not found:
        raise Ambiguous("not_itself", said=str(told)[:200])
    return found


def _done(outgoing: Outgoing) -> dict[str, Any]:
    done = json.loads(outgoing.handle) if outgoing.handle else {}
    return done if isinstance(done, dict) else {}
