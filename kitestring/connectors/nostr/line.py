"""One open line to a relay: events told, asked for, counted; the relay's own proof asked for and given (NIP-42)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from kitestring.connectorkit.calls import unclear
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectors.nostr.events import AUTH, Event, Key
from kitestring.kit import clock
from kitestring.kit.http import NoAnswer, Socket, TooLarge

Filter = Mapping[str, Any]
MOST: Final = 500  # events asked for at once
MOST_HEARD: Final = 5000  # messages after which a relay that goes on talking is not listened to
# The first word of a refusal (NIP-01, NIP-42): our field and reason. The others are in `refusal`.
REFUSALS: Final = {
    "pow": ("", "relay_wants_work"),
    "invalid": ("text", "event_invalid"),
    "mute": ("", "relay_refuses"),
}
SHUT: Final = {"blocked", "restricted", "auth-required"}
_WAIT: Final = re.compile(r"(\d+(?:\.\d+)?)\s*(s|sec|second|m|min|minute)s?\b", re.IGNORECASE)


class Line:
    """`url`: the relay's address as it calls itself. Each call raises the outcomes and nothing else."""

    def __init__(self, socket: Socket, url: str, key: Key) -> None:
        self._socket, self._url, self._key = socket, url, key
        self._challenge = self._notice = ""
        self._proved = False
        self._numbers = count(1)

    async def tell(self, event: Event) -> None:
        """Hand an event over; a relay that has it already is as good."""
        taken, said = await self._told("EVENT", event, write=True)
        if not taken and await self._opens(said):
            taken, said = await self._told("EVENT", event, write=True)
        if not taken and not said.startswith("duplicate:"):
            raise refusal(said or self._notice, write=True)

    async def ask(self, *filters: Filter) -> list[Event]:
        """The stored events for any of the filters, each signed by its author; others are dropped."""
        asked = [{"limit": MOST, **one} for one in filters]
        found, closed = await self._asked(asked)
        if closed is not None and await self._opens(closed):
            found, closed = await self._asked(asked)
        if closed is not None:
            raise refusal(closed, write=False)
        return found

    async def count(self, one: Filter) -> int | None:
        """How many events there are (NIP-45); None when the relay does not count."""
        name = self._name()
        await self._say("COUNT", name, dict(one), write=False)
        while True:
            kind, *rest = await self._hear(write=False)
            if kind == "COUNT" and rest[:1] == [name] and isinstance(rest[-1], dict):
                value = rest[-1].get("count")
                return value if isinstance(value, int) else None
            if kind == "NOTICE" or (kind == "CLOSED" and rest[:1] == [name]):
                return None

    async def _asked(self, filters: list[dict[str, Any]]) -> tuple[list[Event], str | None]:
        name = self._name()
        found: dict[str, Event] = {}
        await self._say("REQ", name, *filters, write=False)
        for _ in range(MOST_HEARD):
            kind, *rest = await self._hear(write=False)
            if rest[:1] != [name]:
                continue
            if kind == "EOSE":
                await self._say("CLOSE", name, write=False)
                return list(found.values()), None
            if kind == "CLOSED":
                return [], str(rest[1]) if len(rest) > 1 else "error:"
            if kind == "EVENT" and len(rest) > 1 and (event := Event.read(rest[1])):
                found[event.id] = event
        raise RetryLater("not_itself", said=self._url)

    async def _told(self, verb: str, event: Event, *, write: bool) -> tuple[bool, str]:
        await self._say(verb, event.body(), write=write)
        for _ in range(MOST_HEARD):
            kind, *rest = await self._hear(write=write)
            # One event is told at a time: nostr-relay 1.14 leaves out the id of what it refuses.
            if kind == "OK" and rest[:1] in ([event.id], [""]):
                return bool(rest[1:2] and rest[1] is True), str(rest[2]) if len(rest) > 2 else ""
        raise unclear(write, "not_itself", self._url)

    async def _opens(self, said: str) -> bool:
        """Prove who we are where the relay asks for it; whether it is worth trying again."""
        if not said.startswith("auth-required:") or not self._challenge or self._proved:
            return False
        tags = [["relay", self._url], ["challenge", self._challenge]]
        proof = self._key.sign(AUTH, "", tags, int(clock.now().timestamp()))
        self._proved, _ = await self._told("AUTH", proof, write=False)
        return self._proved

    async def _say(self, verb: str, *rest: Any, write: bool) -> None:
        try:
            await self._socket.send(json.dumps([verb, *rest], separators=(",", ":"), ensure_ascii=False))
        except NoAnswer as error:
            raise unclear(write, "no_answer", str(error)) from error

    async def _hear(self, *, write: bool) -> list[Any]:
        """The next message that is one; challenges and notices are kept in passing."""
        while True:
            try:
                said = json.loads(await self._socket.receive())
            except (NoAnswer, TooLarge) as error:
                raise unclear(write, "no_answer", self._notice or str(error)) from error
            except (ValueError, RecursionError) as error:
                raise unclear(write, "not_itself", self._url) from error
            if not isinstance(said, list) or not said:
                continue
            if said[0] == "AUTH" and len(said) > 1:
                self._challenge = str(said[1])
            elif said[0] == "NOTICE" and len(said) > 1:
                self._notice = str(said[1])[:300]
            return said

    def _name(self) -> str:
        return f"k{next(self._numbers)}"


def refusal(said: str, *, write: bool) -> ConnectorError:
    """What a relay's OK false or CLOSED means, by its first word."""
    word = said.partition(":")[0].strip().lower()
    if word in SHUT:
        return GrantExpired("relays_shut", said=said)
    if word == "rate-limited":
        return RetryLater("busy", after=_wait(said), said=said)
    if word == "error":
        return Ambiguous("broken", said=said) if write else RetryLater("broken", said=said)
    field, reason = REFUSALS.get(word, ("", "relay_refuses"))
    return Rejected(field, reason, said=said)


def _wait(said: str) -> float | None:
    """Seconds, where a relay names them in its own words ("try again in 7 seconds")."""
    found = _WAIT.search(said)
    if found is None:
        return None
    return float(found[1]) * (60.0 if found[2].lower().startswith("m") else 1.0)
