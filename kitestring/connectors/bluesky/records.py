"""Records of the account: read, put under a key of ours, deleted. Each is one row of a collection on its own server."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.bluesky.client import POST, pds
from kitestring.connectors.bluesky.keys import LETTERS
from kitestring.kit import clock

LIKE = "app.bsky.feed.like"
THREADGATE = "app.bsky.feed.threadgate"
POSTGATE = "app.bsky.feed.postgate"


async def record(session: Session, repo: str, rkey: str, collection: str = POST) -> dict[str, Any] | None:
    """A record ({"uri", "cid", "value"}) on the account's own server; None when it surely is not there."""
    params = (("repo", repo), ("collection", collection), ("rkey", rkey))
    try:
        found = await pds(session).ask("com.atproto.repo.getRecord", params)
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise
    if not shapes.told(found).get("uri"):
        raise shapes.odd(found)
    return {**found, "value": shapes.told(found, "value")}


async def put(
    session: Session,
    collection: str,
    rkey: str,
    value: Mapping[str, Any],
    *,
    write: bool,
    **swap: str | None,
) -> Any:
    """Put a record under its key. `swapRecord`: only where the one there has this hash; None: only where there is none.

    Raises Rejected("", "key_taken") where something else is there.
    """
    body = {"repo": session.remote_id, "collection": collection, "rkey": rkey, "record": dict(value), **swap}
    return await pds(session).do("com.atproto.repo.putRecord", body, write=write)


async def create(session: Session, rkey: str, values: Sequence[Mapping[str, Any]]) -> str:
    """Put several new records under one key in one commit, all or none; each names its collection. The first one's address."""
    writes = [
        {
            "$type": "com.atproto.repo.applyWrites#create",
            "collection": value["$type"],
            "rkey": rkey,
            "value": dict(value),
        }
        for value in values
    ]
    body = {"repo": session.remote_id, "writes": writes}
    made = await pds(session).do("com.atproto.repo.applyWrites", body, write=True)
    results = made.get("results") if isinstance(made, dict) else None
    if not results:
        raise Ambiguous("not_itself", said=str(made)[:300])
    return str(results[0].get("uri", ""))


async def delete(session: Session, collection: str, rkey: str) -> None:
    """Delete a record; one already gone is fine."""
    body = {"repo": session.remote_id, "collection": collection, "rkey": rkey}
    await pds(session).do("com.atproto.repo.deleteRecord", body, write=False)


def key_for(subject: str) -> str:
    """A record key that belongs to `subject` alone: what is said of it twice is said once. In the shape of a TID."""
    number = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big") >> 1
    return "".join(LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def stamp() -> str:
    """Now, as records say when they were made."""
    return clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
