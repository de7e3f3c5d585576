"""Comments on our WordPress posts, let through or still held, newest last; spam and bin stay out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectors.wordpress.client import Site, moderates, own_number, site
from kitestring.connectors.wordpress.cursors import Cursor

# How many posts are asked for at once: their numbers travel in the address.
AT_ONCE = 100
# Of what was read before, so many comments are read again at most.
MOST = 1000
# Whatever a site says of how many there are: a look ends, and the next goes on from the highest it has read.
PAGES = 100


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Comments not read yet, those that were let through since with them.

    A clock set wrong on the site loses nothing but the latter: numbers only grow, and all above the highest come in.
    """
    since = Cursor.of(cursor)
    place, mine, found = site(session), own_number(session), list[Incoming]()
    held_too = {"status": "all", "context": "edit"} if moderates(session) else {}
    for start in range(0, len(posts), AT_ONCE):
        async for row in _newer(place, posts[start : start + AT_ONCE], since, held_too):
            found.append(_incoming(session, row, mine))
    found.sort(key=lambda message: int(message.remote_id[1:]))
    read = [(int(message.remote_id[1:]), message.at) for message in found]
    return IncomingPage(found, since.after(read).text)


async def _newer(
    place: Site, posts: Sequence[str], since: Cursor, held_too: dict[str, str]
) -> AsyncIterator[dict[str, Any]]:
    """From the newest down, page by page, to where nothing can be new; not more than `MOST` below the highest we have read."""
    page, below = 1, 0
    while page <= PAGES:
        answer = await place.call(
            "GET",
            "wp/v2/comments",
            params={
                "post": ",".join(posts),
                **held_too,
                "orderby": "id",
                "order": "desc",
                "per_page": "100",
                "page": str(page),
            },
        )
        for row in shapes.sound(calls.json_of(answer, write=False), "id", "date_gmt", "post", "content"):
            number, at = int(row["id"]), _at(row)
            below += number <= since.top
            if below > MOST or since.past(number, at):
                return
            if since.new(number, at):
                yield row
        if page >= int(answer.headers.get("x-wp-totalpages") or 1):
            return
        page += 1


def _incoming(session: Session, row: dict[str, Any], mine: int) -> Incoming:
    content = row["content"].get("raw") or row["content"].get("rendered") or ""
    pictures = row.get("author_avatar_urls") or {}
    return Incoming(
        remote_id=f"c{row['id']}",
        post_remote_id=str(row["post"]),
        author_id=_who(session, row),
        author_name=to_text(str(row.get("author_name") or "")),
        text=to_text(str(content).replace("\n", "<br>")),
        at=_at(row),
        author_avatar_url=str(pictures.get("96") or ""),
        parent_id=f"c{row['parent']}" if row.get("parent") else "",
        url=str(row.get("link") or ""),
        own=bool(mine) and int(row.get("author") or 0) == mine,
        awaits_moderation=row.get("status") == "hold",
    )


def _at(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(row["date_gmt"])).replace(tzinfo=UTC)


def _who(session: Session, row: dict[str, Any]) -> str:
    """The same person gets the same id: a user by site and number, a guest by a digest of the address they left."""
    if row.get("author"):
        return f"{session.handle}#user-{row['author']}"
    left = str(row.get("author_email") or row.get("author_name") or row["id"]).strip().lower()
    return "guest-" + sha256(left.encode()).hexdigest()[:24]
