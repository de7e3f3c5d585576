"""Publishing on Threads in its own two steps: a container that nobody sees, whose id is stored, then its publication.

Answers go the same way. A container may be made twice without harm; its status says whether it was published, so that a
lost answer is settled by asking.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectors.threads import containers, wording
from kitestring.connectors.threads.client import HOUR, MANIFEST, account, may
from kitestring.connectors.threads.quotas import left
from kitestring.providers.meta.cursors import moment
from kitestring.providers.meta.graph import Graph, number

POLL: Final = 10.0
BEFORE: Final = timedelta(minutes=1)  # their clock and ours
DEAD = ("EXPIRED", "ERROR", "GONE")


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, what is too long as Threads counts, and files without a public address."""
    check_outgoing(MANIFEST, replace(outgoing, text=wording.wording(outgoing)), session.account_type)
    wording.check(outgoing)
    if outgoing.kind == "reply":
        number(outgoing.reply_to)
    if not all(media.public_url.startswith(("https://", "http://")) for media in outgoing.media):
        raise Rejected("media", "no_public_address")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Make the container; `follow` publishes it."""
    check(session, outgoing)
    graph, container = account(session), _container(outgoing)
    if container:
        status, _ = await containers.status(graph, container)
        if status == "PUBLISHED":
            return await _live(graph, outgoing)
        if status not in DEAD:
            return _unpublished(container)
    try:
        return _unpublished(await containers.make(graph, outgoing), poll_after=0.0)
    except Rejected as error:
        if error.reason == "not_there" and outgoing.kind == "reply":
            raise Rejected("reply_to", "deleted", said=error.said) from error
        raise


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Publish the container as soon as Threads has fetched and processed its files."""
    graph, container = account(session), _container(outgoing)
    if not container:
        raise RetryLater("container_expired", after=1)
    status, said = await containers.status(graph, container)
    if status == "IN_PROGRESS":
        return _unpublished(container)
    if status == "PUBLISHED":
        return await _live(graph, outgoing)
    if status == "ERROR":
        raise Rejected("media", "processing_failed", said=said)
    if status in DEAD:
        raise RetryLater("container_expired", after=1, said=said)
    quota = "replies" if outgoing.kind == "reply" else "posts"
    if (await left(graph)).get(quota, 1) <= 0:
        raise RetryLater("quota_used", after=HOUR)
    body = await graph.post("me/threads_publish", write=True, creation_id=container)
    if not body.get("id"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return Published(str(body["id"]), await _address(graph, str(body["id"])))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """Where it stands by its container; None when that was not published."""
    container = _container(outgoing)
    if not container:
        if outgoing.restored:
            raise Ambiguous("handle_lost")
        return None
    graph = account(session)
    status, _ = await containers.status(graph, container)
    return await _live(graph, outgoing) if status == "PUBLISHED" else None


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete it (100 a day are allowed); one already gone is fine."""
    if not may(session, "threads_delete"):
        raise Rejected("", "delete_declined")
    try:
        await account(session).delete(number(remote_id))
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _live(graph: Graph, outgoing: Outgoing) -> Outcome:
    """The post behind a published container. That does not name it: the newest with these words since the duty was made."""
    edge = "me/replies" if outgoing.kind == "reply" else "me/threads"
    since = outgoing.stamp - BEFORE
    body = await graph.get(edge, fields="id,text,timestamp,permalink", since=int(since.timestamp()), limit=50)
    for row in shapes.rows(body, "data"):
        if _bare(str(row.get("text") or "")) == _bare(wording.wording(outgoing)) and (
            moment(row, "timestamp") >= since
        ):
            return Published(str(row["id"]), str(row.get("permalink") or ""))
    return Processing(outgoing.handle, poll_after=POLL)


async def _address(graph: Graph, post: str) -> str:
    try:
        return str((await graph.get(post, fields="permalink")).get("permalink") or "")
    except GrantExpired:
        raise
    except ConnectorError:
        return ""


def _bare(text: str) -> str:
    return "".join(text.split())


def _unpublished(container: str, poll_after: float = POLL) -> Processing:
    return Processing(json.dumps({"container": container}), poll_after=poll_after, handed_over=False)


def _container(outgoing: Outgoing) -> str:
    done: Any = json.loads(outgoing.handle) if outgoing.handle else {}
    return str(done.get("container") or "") if isinstance(done, dict) else ""
