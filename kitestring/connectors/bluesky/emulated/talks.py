"""Private messages of the emulator: the network's chat service, reached through the account's server.

Source: lexicons chat.bsky.convo.*. A talk is named after the person in it.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from kitestring.connectorkit.counting import count
from kitestring.connectorkit.emulation import Item, stores
from kitestring.connectors.bluesky.emulated.records import Invalid
from kitestring.connectors.bluesky.emulated.world import Refusal, World, body_of

SERVICE = "did:web:api.bsky.chat#bsky_chat"
GRAPHEMES, BYTES = 1000, 10_000


class Talks:
    """chat.bsky.convo.*"""

    def __init__(self, world: World) -> None:
        self.world = world

    def queries(self) -> dict[str, Any]:
        return {"chat.bsky.convo.listConvos": self.list, "chat.bsky.convo.getMessages": self.messages}

    def procedures(self) -> dict[str, Any]:
        return {"chat.bsky.convo.sendMessage": self.send}

    def _who(self, request: web.Request) -> str:
        if request.headers.get("atproto-proxy") != SERVICE:
            # recorded: a PDS that does not serve a method itself hands it to its AppView, which has no such method
            raise Refusal(501, "MethodNotImplemented", "Method Not Implemented")
        return self.world.who(request, private=True)

    def _talk(self, did: str, thread: str) -> list[Item]:
        return [item for item in self.world.platform.talk(thread) if item.extra.get("of") == did]

    async def list(self, request: web.Request) -> web.Response:
        did = self._who(request)
        mine = [
            item
            for item in self.world.platform.items.values()
            if item.kind == "message" and item.extra.get("of") == did
        ]
        threads = list(dict.fromkeys(item.root for item in reversed(mine)))
        start, limit = int(request.query.get("cursor") or 0), int(request.query.get("limit", "50"))
        told: dict[str, Any] = {"convos": [self._convo(did, one) for one in threads[start : start + limit]]}
        if len(threads) > start + limit:
            told["cursor"] = str(start + limit)
        return web.json_response(told)

    def _convo(self, did: str, thread: str) -> dict[str, Any]:
        rows = self._talk(did, thread)
        other = next((item for item in rows if item.author != did), None)
        members = [{"did": did, "handle": self.world.accounts.handle(did)}]
        members += [self.world.views.author(other)] if other else []
        last = _message(self.world, rows[-1])
        return {
            "id": thread, "rev": last["rev"], "members": members, "lastMessage": last, "muted": False,
            "status": "accepted", "unreadCount": 0,
        }  # fmt: skip

    async def messages(self, request: web.Request) -> web.Response:
        did = self._who(request)
        rows = self._talk(did, request.query.get("convoId", ""))[::-1]
        if not rows:
            raise Invalid("Convo not found")
        start, limit = int(request.query.get("cursor") or 0), int(request.query.get("limit", "50"))
        told: dict[str, Any] = {
            "messages": [_message(self.world, item) for item in rows[start : start + limit]]
        }
        if len(rows) > start + limit:
            told["cursor"] = str(start + limit)
        return web.json_response(told)

    @stores
    async def send(self, request: web.Request) -> web.Response:
        did, body = self._who(request), await body_of(request)
        thread = str(body.get("convoId", ""))
        text = (body.get("message") or {}).get("text")
        if not self._talk(did, thread):
            raise Invalid("Convo not found")
        if not isinstance(text, str) or count(text, "grapheme") > GRAPHEMES or len(text.encode()) > BYTES:
            raise Invalid("Input/message/text must be a string of 1000 graphemes at most")
        platform = self.world.platform
        item = Item(platform.next_id(), did, text, platform.clock().isoformat(), root=thread)
        item.kind, item.extra = "message", {"of": did}
        platform.add(item)
        return web.json_response(_message(self.world, item))


def _message(world: World, item: Item) -> dict[str, Any]:
    """The lexicon's messageView; revisions grow."""
    return {
        "$type": "chat.bsky.convo.defs#messageView",
        "id": item.id,
        "rev": f"{int(item.id):013d}",
        "text": item.text,
        "sender": {"did": world.views.did(item)},
        "sentAt": item.at,
    }
