"""Publishing on Bluesky: one record under a key of our own, which the server takes once and never twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bluesky import gates, messages, videos
from kitestring.connectors.bluesky.client import MANIFEST, POST
from kitestring.connectors.bluesky.drafting import check_card, draft, languages, wording
from kitestring.connectors.bluesky.keys import parts, tid
from kitestring.connectors.bluesky.records import create, delete, put, record


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, counting the link where it has to stand in the text."""
    check_outgoing(MANIFEST, replace(outgoing, text=wording(outgoing)))
    if outgoing.kind == "reply" and not outgoing.reply_to.startswith("at://"):
        raise Rejected("reply_to", "deleted")
    languages(outgoing)
    check_card(outgoing)


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Put the record under its key unless something is there. Files go first and show nowhere by themselves."""
    check(session, outgoing)
    if outgoing.kind == "message":
        return await messages.send(session, outgoing)
    places = ("", videos.JOB)
    used = [(m, p) for m in outgoing.media for p in places if outgoing.uploads.get(m, p)]
    try:
        return await _sent(session, outgoing)
    except Rejected as error:
        if error.field != "media" or error.reason != "refused" or not used:
            raise
        # A refused record is nowhere. The server has cleared away what no record named: those files go up anew.
        for media, place in used:
            await outgoing.uploads.forget(media, place)
        return await _sent(session, outgoing)


async def _sent(session: Session, outgoing: Outgoing) -> Outcome:
    if outgoing.kind != "video":
        return await _under_key(session, outgoing)
    ready = await videos.ready(session, outgoing)
    return ready if isinstance(ready, Processing) else await _under_key(session, outgoing, ready)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Ask how far the video is; once it is ready, put the record that shows it."""
    ready = await videos.followed(session, outgoing.handle)
    return ready if isinstance(ready, Processing) else await _under_key(session, outgoing, ready)


async def _under_key(session: Session, outgoing: Outgoing, video: Mapping[str, Any] | None = None) -> Outcome:
    rkey = tid(outgoing.key, outgoing.stamp)
    value = await draft(session, outgoing, video)
    if beside := gates.wanted(session, outgoing, rkey):
        # A commit of several has no "only if there is none": the server fails on a taken key, so we look before.
        if there := await look_up(session, outgoing):
            return there
        return _published(session, await create(session, rkey, [value, *beside]))
    try:
        # swapRecord: only where there is none yet
        made = await put(session, POST, rkey, value, write=True, swapRecord=None)
    except Rejected as error:
        if error.reason == "key_taken" and (there := await look_up(session, outgoing)):
            return there
        raise
    if not isinstance(made, dict):
        raise Ambiguous("not_itself", said=str(made)[:300])
    return _published(session, str(made.get("uri", "")))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Ask the account's own server, not the network's view of it, for the record under our key.

    Raises Rejected("key_taken") when something else stands there.
    """
    if outgoing.kind == "message":
        return await messages.found(session, outgoing)
    found = await record(session, session.remote_id, tid(outgoing.key, outgoing.stamp))
    if found is None:
        return None
    if (found.get("value") or {}).get("text") != wording(outgoing):
        raise Rejected("", "key_taken")
    return _published(session, str(found["uri"]))


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete a post or an answer of the account, with what was said of who may answer it; one already gone is fine."""
    try:
        repo, rkey = parts(remote_id)
    except ValueError as error:
        raise Rejected("", "not_there") from error
    if repo != session.remote_id:
        raise Rejected("", "not_there")
    await delete(session, POST, rkey)
    await gates.take_down(session, rkey)


def _published(session: Session, uri: str) -> Published:
    if not uri.startswith("at://"):
        raise Ambiguous("not_itself", said=uri[:300])
    return Published(uri, f"{session.urls.get('web', '')}/profile/{session.handle}/post/{parts(uri)[1]}")
