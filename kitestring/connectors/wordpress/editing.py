"""Changing what is live: an article's title, words, excerpt and filing, or the words of our own comment.

WordPress keeps what an article was as a revision. Pictures and videos that stand in it stay, after the words.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.marked import PICTURE
from kitestring.connectors.wordpress import articles
from kitestring.connectors.wordpress.client import MANIFEST, Site, site


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The same article or comment, at the same address. Raises Rejected("", "gone") when it is there no more."""
    place = site(session)
    try:
        if remote_id.startswith("c"):
            return await _comment(place, remote_id, outgoing)
        return await _article(place, remote_id, outgoing)
    except Rejected as error:
        if error.reason in {"comment_gone", "post_gone"}:
            raise Rejected("", "gone", said=error.said) from error
        raise


async def _article(place: Site, remote_id: str, outgoing: Outgoing) -> Published:
    route = f"wp/v2/posts/{_number(remote_id)}"
    there = await place.read(route, context="edit", _fields="id,title,content,status")
    if there.get("status") == "trash":
        raise Rejected("", "gone")
    title = outgoing.title.strip() or str((there.get("title") or {}).get("raw") or "")
    after, placed = articles.figures_in(str((there.get("content") or {}).get("raw") or ""), outgoing.text)
    # What stands there needs no file; a picture that is new here is refused: an article is changed in its words.
    words = PICTURE.sub(lambda found: "" if found[2] in placed else found[0], outgoing.text)
    check_outgoing(MANIFEST, replace(outgoing, kind="post", title=title, text=words, media=()))
    body: dict[str, Any] = {"title": title, "content": articles.changed(outgoing, after, placed)}
    made = await place.write(route, {**body, **await articles.settings(place, outgoing.options)})
    return Published(remote_id, str(made.get("link") or ""))


async def _comment(place: Site, remote_id: str, outgoing: Outgoing) -> Published:
    check_outgoing(MANIFEST, replace(outgoing, kind="reply"))
    route = f"wp/v2/comments/{_number(remote_id[1:])}"
    made = await place.write(route, {"content": escape(outgoing.text, quote=False)})
    return Published(remote_id, str(made.get("link") or ""))


def _number(told: str) -> str:
    if not told.isdecimal():
        raise Rejected("", "gone")
    return told
