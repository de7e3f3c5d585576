"""How an emulated relay talks on one line: EVENT, REQ, COUNT, CLOSE and AUTH, as NIP-01, NIP-42 and NIP-45 word it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Fault, Faults
from kitestring.connectors.nostr.emulated.world import MESSAGE, World
from kitestring.connectors.nostr.events import AUTH, Event
from kitestring.kit import clock

FILTER = {"ids", "authors", "kinds", "since", "until", "limit"}
AROUND = 600  # seconds the proof may be old or ahead


class Talk:
    """One client's line. `shut`: nothing is done for this key. `novel`: messages say more than anybody knows of."""

    def __init__(
        self,
        world: World,
        faults: Faults,
        line: web.WebSocketResponse,
        request: web.Request,
        *,
        shut: bool,
        novel: bool,
    ) -> None:
        self.world, self.faults, self.line, self.request = world, faults, line, request
        self.shut, self.novel = shut, novel
        self.rules: dict[str, Any] = world.platform.memory.setdefault("relay", {})
        self.proved = not self.rules.get("auth")
        self.challenge = f"challenge-{world.platform.next_id()}"

    async def go_on(self) -> None:
        if not self.proved:
            await self.say("AUTH", self.challenge)
        async for said in self.line:
            try:
                verb, *rest = json.loads(said.data)
            except (ValueError, TypeError):
                await self.say("NOTICE", "error: could not parse the message")
                continue
            if len(said.data.encode()) > MESSAGE:
                await self.say("NOTICE", f"invalid: messages are at most {MESSAGE} bytes")
            elif verb == "EVENT":
                await self.event(rest[0] if rest else {})
            elif verb in ("REQ", "COUNT"):
                await self.asked(verb, str(rest[0]), rest[1:])
            elif verb == "AUTH":
                await self.proof(rest[0] if rest else {})
            elif verb != "CLOSE":
                await self.say("NOTICE", f"invalid: unknown message {verb}")
            if self.line.closed:
                return

    async def say(self, *words: Any) -> None:
        more = [{"added_yesterday": ["nobody", "knows", None]}] if self.novel else []
        await self.line.send_str(json.dumps([*words, *more], ensure_ascii=False))

    async def event(self, body: Any) -> None:
        fault = self.faults.told("EVENT", "store")
        if fault is not None and fault.kind not in ("slow", "novel") and not fault.kind.endswith("_after"):
            return await self._wrong(fault, str(body.get("id", "")))
        told = self._judged(body)
        if fault is not None and fault.kind.endswith("_after"):
            return await self._wrong(fault, str(body.get("id", "")))
        if fault is not None and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        name = "" if self.rules.get("nameless") and not told[0] else str(body.get("id", ""))
        await self.say("OK", name, *told)
        return None

    def _judged(self, body: Any) -> tuple[bool, str]:
        event = Event.read(body)
        if event is None:
            return False, "invalid: bad event id or signature"
        if self.shut:
            return False, "restricted: this key may not write here"
        if not self.proved:
            return False, "auth-required: we only accept events from registered users"
        if word := self.rules.get("refuses"):
            return False, str(word)
        return self.world.store(event)

    async def _wrong(self, fault: Fault, event_id: str) -> None:
        """A fault at the store, as a relay would go wrong on an open line."""
        if fault.kind == "busy":
            wait = f", try again in {fault.after:g} seconds" if fault.after is not None else ""
            await self.say("OK", event_id, False, f"rate-limited: slow down there chief{wait}")
        elif fault.kind == "unauthorized":
            await self.say("OK", event_id, False, "restricted: this key may not write here any more")
        elif fault.kind.startswith("error"):
            await self.say("OK", event_id, False, "error: could not connect to the database")
        elif fault.kind == "html":
            await self.line.send_str("<!doctype html><h1>Back soon</h1>")
        elif fault.kind == "down":
            await self.line.close(code=1011, message=b"going down")
        elif fault.kind.startswith("drop") and self.request.transport is not None:
            self.request.transport.abort()

    async def asked(self, verb: str, name: str, filters: list[Any]) -> None:
        if self.shut or not self.proved:
            word = "restricted: this key may not read here" if self.shut else "auth-required: who are you?"
            return await self.say("CLOSED", name, word)
        if not filters or any(_unknown(one) for one in filters):
            return await self.say("CLOSED", name, "unsupported: filter contains unknown elements")
        if verb == "COUNT":
            return await self.say("COUNT", name, {"count": sum(self.world.count(one) for one in filters)})
        found = {event.id: event for one in filters for event in self.world.found(one)}
        for event in found.values():
            await self.say("EVENT", name, event.body())
        return await self.say("EOSE", name)

    async def proof(self, body: Any) -> None:
        """NIP-42: a fresh event of kind 22242 with our challenge."""
        event = Event.read(body)
        sound = (
            event is not None
            and event.kind == AUTH
            and event.first("challenge") == self.challenge
            and self.request.host in event.first("relay")
            and abs(event.created_at - clock.now().timestamp()) < AROUND
        )
        listed = self.rules.get("members")
        self.shut = self.shut or bool(sound and event and listed is not None and event.pubkey not in listed)
        self.proved = self.proved or sound
        word = "" if sound else "invalid: this proves nothing"
        await self.say("OK", str(body.get("id", "")), sound, word)


def _unknown(one: Any) -> bool:
    if not isinstance(one, Mapping):
        return True
    if any(name not in FILTER and not (name.startswith("#") and len(name) == 2) for name in one):
        return True
    exact = [*one.get("ids", ()), *one.get("authors", ()), *one.get("#e", ()), *one.get("#p", ())]
    return any(len(str(value)) != 64 for value in exact)
