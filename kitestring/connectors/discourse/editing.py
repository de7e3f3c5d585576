"""Changing the words of a topic or an answer in place; the forum keeps what they were."""

from __future__ import annotations

import re
from typing import Final

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discourse import ids, writing
from kitestring.connectors.discourse.client import forum

# An upload as the forum writes it into a text, a video or a sound too.
PICTURE: Final = re.compile(r"!\[[^\]\n]*\]\(upload://[^)\s]+\)")


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The text, and of a topic the title. Pictures that stood there stay, after the words."""
    there = forum(session)
    topic, post = ids.post_in(remote_id)
    title = outgoing.title.strip()
    if not post:
        told = await there.read(f"/t/{topic}.json")
        post = str(told["post_stream"]["posts"][0]["id"])
        if title and title != told.get("title"):
            await there.write("PUT", f"/t/-/{topic}.json", {"topic": {"title": title}})
    raw = writing.words(outgoing)
    if not raw.strip():
        raise Rejected("text", "text_required")
    before = str((await there.read(f"/posts/{post}.json")).get("raw") or "")
    raw = "\n\n".join([raw, *(one for one in PICTURE.findall(before) if one not in raw)])
    made = await there.write("PUT", f"/posts/{post}.json", {"post": {"raw": raw}})
    number = (made.get("post") or {}).get("post_number") or 1
    return Published(remote_id, f"{there.base}/t/-/{topic}/{number}")
