"""Private messages with a Page or with the Instagram account behind it: read, answered within the day, found again.

Source: developers.facebook.com/documentation/business-messaging/messenger-platform/conversations (page updated 2026-02-11)
and .../send-messages (2026-05-05)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, Outgoing, Published
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.providers.meta.cursors import Read, moment
from kitestring.providers.meta.graph import Graph, number

OPEN_FOR: Final = timedelta(hours=24)
NEWEST: Final = 20  # messages of a talk that one call brings
FIELDS: Final = "id,message,created_time,from,to"
WITHOUT_WORDS: Final = "📎"  # a picture, a voice message: they are looked at there
BEFORE: Final = timedelta(minutes=1)  # their clock and ours


@dataclass(frozen=True)
class Desk:
    """`page`: whose conversations; `platform`: "messenger" or "instagram"; `self_id`: who we are among the participants."""

    graph: Graph
    page: str
    platform: str
    self_id: str

    async def read(self, read: Read) -> list[Incoming]:
        """What was written since the cursor, ours marked."""
        since, found = read.since("messages"), []
        async for talks in self.graph.pages(
            f"{self.page}/conversations",
            platform=self.platform,
            fields=f"id,updated_time,messages.limit({NEWEST}){{{FIELDS}}}",
            limit=25,
        ):
            fresh = [talk for talk in talks if moment(talk, "updated_time") >= since]
            for talk in shapes.sound(fresh, "id"):
                rows = (talk.get("messages") or {}).get("data") or ()
                written = [row for row in rows if moment(row) >= since]
                found += shapes.each(written, partial(self._incoming, str(talk["id"])))
            if len(fresh) < len(talks):
                break
        read.reached("messages", (message.at for message in found))
        return sorted(found, key=lambda message: message.at)

    def _incoming(self, talk: str, row: Mapping[str, Any]) -> Incoming:
        author = row.get("from") or {}
        own = str(author.get("id")) == self.self_id
        at = moment(row)
        name = str(author.get("name") or author.get("username") or author.get("id") or "")
        return Incoming(
            remote_id=str(row["id"]),
            post_remote_id="",
            author_id=str(author.get("id") or ""),
            author_name=name,
            text=str(row.get("message") or "") or WITHOUT_WORDS,
            at=at,
            own=own,
            kind="message",
            thread=talk,
            answer_by=None if own else at + OPEN_FOR,
        )

    async def send(self, outgoing: Outgoing) -> Published:
        """Answer the person of the talk once. Raises Rejected("", "reply_window_over") after a day."""
        body = await self.graph.post(
            f"{self.page}/messages",
            write=True,
            recipient={"id": await self._them(outgoing.root)},
            messaging_type="RESPONSE",
            message={"text": outgoing.text},
        )
        if not body.get("message_id"):
            raise Ambiguous("not_itself", said=str(body)[:200])
        return Published(str(body["message_id"]))

    async def find(self, outgoing: Outgoing) -> Published | None:
        """Our own message of this talk with these words, written since the duty was made."""
        try:
            body = await self.graph.get(number(outgoing.root), fields=f"messages.limit({NEWEST}){{{FIELDS}}}")
        except Rejected as error:
            if error.reason == "not_there":
                return None
            raise
        for row in shapes.rows(body, "messages", "data"):
            ours = str((row.get("from") or {}).get("id")) == self.self_id
            if ours and row.get("message") == outgoing.text and moment(row) >= outgoing.stamp - BEFORE:
                return Published(str(row["id"]))
        return None

    async def _them(self, talk: str) -> str:
        try:
            body = await self.graph.get(number(talk), fields="participants")
        except Rejected as error:
            reason = "deleted" if error.reason == "not_there" else error.reason
            raise Rejected("reply_to", reason, said=error.said) from error
        for person in (body.get("participants") or {}).get("data") or ():
            if str(person.get("id")) not in ("", self.self_id, self.page):
                return str(person["id"])
        raise Rejected("reply_to", "deleted")
