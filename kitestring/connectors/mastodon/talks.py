"""Private messages: posts that only those they name can see, gathered by the server into conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from kitestring.connectorkit.contract import Incoming, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import Server
from kitestring.connectors.mastodon.incoming import at_of, is_private, message_of

PAGE: Final = 40  # the most the server gives at once
PAGES: Final = 3


async def fetch(session: Session, place: Server, since: datetime) -> list[Incoming] | None:
    """What was written since then, ours too, by conversation; None where the server keeps no conversations,
    or this token may not read them."""
    try:
        moved = await _moved(place, since)
    except Rejected as error:
        if error.reason in ("not_there", "scope_missing"):
            return None
        raise
    found: list[Incoming] = []
    for talk in moved:
        written = await _written(place, talk["last_status"])
        fresh = [one for one in written if is_private(one) and at_of(one) > since]
        found += [message_of(session, one, "message", thread=str(talk["id"])) for one in fresh]
    return found


async def _moved(place: Server, since: datetime) -> list[dict[str, Any]]:
    """Conversations whose last message is newer, the newest first; pages are turned by that message's id."""
    moved: list[dict[str, Any]] = []
    params = [("limit", str(PAGE))]
    for _ in range(PAGES):
        page = [one for one in await place.read("/api/v1/conversations", params) if one.get("last_status")]
        fresh = [one for one in page if at_of(one["last_status"]) > since]
        moved += fresh
        if len(page) < PAGE or len(fresh) < len(page):
            break
        params = [("limit", str(PAGE)), ("max_id", str(page[-1]["last_status"]["id"]))]
    return moved


async def _written(place: Server, last: dict[str, Any]) -> list[dict[str, Any]]:
    """Every message of the conversation that ends with `last`: a conversation may branch, so all below its first."""
    around = await _context(place, last)
    above = around["ancestors"]
    below = (await _context(place, above[0]))["descendants"] if above else around["descendants"]
    written = {str(one["id"]): one for one in [*above[:1], *below, last]}
    return sorted(written.values(), key=at_of)


async def _context(place: Server, status: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    try:
        told = await place.read(f"/api/v1/statuses/{status['id']}/context")
    except Rejected as error:
        if error.reason != "not_there":
            raise
        told = {}
    return {part: list(told.get(part) or []) for part in ("ancestors", "descendants")}
