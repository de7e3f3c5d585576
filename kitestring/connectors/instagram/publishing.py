"""Publishing on Instagram in its own two steps: a container that nobody sees, whose id is stored, then its publication.

Instagram fetches the files itself from public addresses. A container may be made twice without harm and dies after a day;
`status_code` says whether it was published, so that a lost answer is settled by asking. Comments and messages have no such
step: they are looked for by their words.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.instagram import comments, containers, published
from kitestring.connectors.instagram.client import HOUR, MANIFEST, account, desk
from kitestring.connectors.instagram.options import check_options
from kitestring.providers.meta.graph import Graph, number

POLL: Final = 10.0
WAITING = ("IN_PROGRESS",)
DEAD = ("EXPIRED", "ERROR", "GONE")


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, files without a public address, and settings that are none."""
    check_outgoing(MANIFEST, outgoing, session.account_type)
    if outgoing.kind in ("reply", "message"):
        number(outgoing.reply_to)
        return
    check_options(outgoing)
    if not all(media.public_url.startswith(("https://", "http://")) for media in outgoing.media):
        raise Rejected("media", "no_public_address")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """A comment or message goes out at once. Anything else gets its container, and `follow` publishes it."""
    check(session, outgoing)
    if outgoing.kind == "reply":
        return await comments.send(session, outgoing)
    if outgoing.kind == "message":
        return await desk(session).send(outgoing)
    graph, container = account(session), _container(outgoing)
    if container:
        status, _ = await containers.status(graph, container)
        if status == "PUBLISHED":
            return await _live(session, graph, outgoing)
        if status not in DEAD:
            return _unpublished(container)
    return _unpublished(await containers.make(session, graph, outgoing), poll_after=0.0)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Publish the container as soon as Instagram has fetched and processed its files."""
    graph, container = account(session), _container(outgoing)
    if not container:
        raise RetryLater("container_expired", after=1)
    status, said = await containers.status(graph, container)
    if status in WAITING:
        return _unpublished(container)
    if status == "PUBLISHED":
        return await _live(session, graph, outgoing)
    if status == "ERROR":
        raise Rejected("media", "processing_failed", said=said)
    if status in DEAD:
        raise RetryLater("container_expired", after=1, said=said)
    await _room(session, graph)
    body = await graph.post(f"{session.remote_id}/media_publish", write=True, creation_id=container)
    if not body.get("id"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return Published(str(body["id"]), await published.address(graph, str(body["id"])))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Where it stands by its container; None when that was not published."""
    if outgoing.kind == "reply":
        return await comments.find(session, outgoing)
    if outgoing.kind == "message":
        return await desk(session).find(outgoing)
    container = _container(outgoing)
    if not container:
        if outgoing.restored:
            raise Ambiguous("handle_lost")
        return None
    graph = account(session)
    status, _ = await containers.status(graph, container)
    return await _live(session, graph, outgoing) if status == "PUBLISHED" else None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the post or our comment; one already gone is fine. Messages cannot be taken back."""
    if remote_id.startswith("m_"):
        raise Rejected("", "message_stays")
    try:
        await account(session).delete(number(remote_id))
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _room(session: Session, graph: Graph) -> None:
    """Sources name 25, 50 and 100 posts a day: what this account has left is asked for every time."""
    body = await graph.get(f"{session.remote_id}/content_publishing_limit", fields="quota_usage,config")
    if (left := containers.left(body)) is not None and left <= 0:
        raise RetryLater("quota_used", after=HOUR)


async def _live(session: Session, graph: Graph, outgoing: Outgoing) -> Outcome:
    """The post behind a container that is published. The container does not name it, so the newest like it is taken."""
    found = await published.find(session, graph, outgoing)
    return found if found is not None else Processing(outgoing.handle, poll_after=POLL)


def _unpublished(container: str, poll_after: float = POLL) -> Processing:
    return Processing(json.dumps({"container": container}), poll_after=poll_after, handed_over=False)


def _container(outgoing: Outgoing) -> str:
    done: Any = json.loads(outgoing.handle) if outgoing.handle else {}
    return str(done.get("container") or "") if isinstance(done, dict) else ""
