"""Private messages: posts that only those they name can see, gathered by the server into conversations.

A look asks for the conversations that moved and reads some of them; the others wait in `state` for the next looks:
{"to": how far they are listed, "gaps": see walking, "todo": {conversation: [its last post, since when it is unread]},
"of": {conversation: how far it is read}}.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import Server
from kitestring.connectors.mastodon.incoming import at_of, is_private, message_of
from kitestring.connectors.mastodon.metrics import shown
from kitestring.connectors.mastodon.reading import LATE, is_new, reached
from kitestring.connectors.mastodon.walking import AGAIN, Row, Walked, walk

PAGE: Final = 40  # the most the server gives at once
PAGES: Final = 3
TALKS: Final = 10  # read in one look, by two calls each


async def fetch(
    session: Session, place: Server, since: datetime, state: dict[str, Any], now: datetime
) -> tuple[list[Incoming], dict[str, Any]] | None:
    """What was written since then, ours too, by conversation; None where the server keeps no conversations,
    or this token may not read them."""
    gaps, read = list(state.get("gaps") or []), dict(state.get("of") or {})
    try:
        found = await _listed(place, since, gaps, read)
    except Rejected as error:
        if error.reason in ("not_there", "scope_missing"):
            return None
        raise
    todo = _todo(state, found, min([since.isoformat(), *(gap["until"] for gap in gaps)]))
    ends = {row.id: row.body["last_status"] for row in (*found.new, *found.met)}
    some = list(todo)[:TALKS]
    # A message may arrive late, under those that came before it: a talk that moved lately is read once more.
    again = [row.id for row in found.met if row.at > now - AGAIN and row.id not in todo]
    ends |= await _ends(place, {talk: todo[talk][0] for talk in some if talk not in ends})
    messages: list[Incoming] = []
    for talk in [*some, *again[: TALKS - len(some)]]:
        _, unread = todo.pop(talk, ("", since.isoformat()))
        if (last := ends.get(talk)) is None:
            continue  # taken back since
        before = read.get(talk) or {"to": "", "ids": [], "from": unread}
        written = [one for one in await _written(place, last) if is_private(one)]
        fresh = [one for one in written if is_new(one, before)]
        messages += [message_of(session, one, "message", thread=talk) for one in fresh]
        read[talk] = reached(written, before)
    newest = max((row.at for row in found.new if row.at <= now), default=since + AGAIN)
    to = max(newest, since + AGAIN)
    if not found.gaps:
        read = {talk: one for talk, one in read.items() if talk in todo or _young(one, to)}
    return messages, {"to": to.isoformat(), "gaps": found.gaps, "todo": todo, "of": read}


async def _listed(
    place: Server, since: datetime, gaps: Sequence[dict[str, str]], read: dict[str, Any]
) -> Walked:
    """Conversations whose last message is newer; pages are turned by that message's id."""

    async def page_of(below: str) -> Sequence[Row]:
        more = [("max_id", below)] if below else []
        page = await place.read("/api/v1/conversations", [("limit", str(PAGE)), *more])
        ended = shapes.sound(page, "id", "last_status.id", "last_status.created_at")
        return [
            Row(str(one["id"]), at_of(one["last_status"]), str(one["last_status"]["id"]), one)
            for one in ended
        ]

    def known(row: Row) -> bool:
        return row.below in read.get(row.id, {"ids": ()})["ids"]

    return await walk(page_of, gaps, since=since, known=known, pages=PAGES)


def _todo(state: dict[str, Any], found: Walked, since: str) -> dict[str, list[str]]:
    """Those to be read, the longest waiting first: each with its last post, and since when it may be unread.

    While earlier looks left a gap, a talk that moves up may hold unread words from within it.
    """
    todo: dict[str, list[str]] = {str(key): list(one) for key, one in (state.get("todo") or {}).items()}
    for row in reversed(found.new):
        before = todo.get(row.id)
        todo[row.id] = [row.below, min(since, before[1]) if before else since]
    return todo


async def _ends(place: Server, wanted: dict[str, str]) -> dict[str, dict[str, Any]]:
    """The last posts of conversations that were listed at an earlier look."""
    told = await shown(place, list(wanted.values())) if wanted else {}
    return {talk: told[post] for talk, post in wanted.items() if post in told}


def _young(one: dict[str, Any], to: datetime) -> bool:
    return bool(one["to"]) and datetime.fromisoformat(one["to"]) > to - LATE


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
