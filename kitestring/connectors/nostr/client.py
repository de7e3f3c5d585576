"""The account's relays over our guarded WebSocket, and what their refusals mean to us.

Whatever is asked is asked of all relays at once. One that has it, or takes it, is enough; only when none does, the worst of
what they said is told: unclear before later, later before refused, refused before "does not take this key".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.connectors.nostr.events import Event, Key
from kitestring.connectors.nostr.line import Filter, Line
from kitestring.kit.http import (
    Answer,
    Client,
    HostRefused,
    HttpError,
    NotJson,
    NotOpened,
    NotSent,
)

MANIFEST: Final = load(Path(__file__).parent)
PLACES: Final = ("api", "relay_2", "relay_3", "relay_4")
INFORMATION: Final = "application/nostr+json"
T = TypeVar("T")


@dataclass(frozen=True)
class Relay:
    """A relay's address (https for wss, http for ws), and the key that signs what goes there."""

    http: Client
    place: str
    address: str
    key: Key

    @property
    def shown(self) -> str:
        """The address as people know it."""
        return self.address.replace("https://", "wss://").replace("http://", "ws://")

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A line to it. Raises the outcomes and nothing else."""
        try:
            async with self.http.socket(self.address) as socket:
                yield Line(socket, self.shown, self.key)
        except HostRefused as error:
            raise Rejected("url", "host_refused", said=str(error)) from error
        except NotSent as error:
            raise RetryLater("not_reached", said=str(error)) from error
        except NotOpened as error:
            raise not_opened(error.answer) from error
        except HttpError as error:
            raise RetryLater("no_answer", said=str(error)) from error

    async def information(self) -> dict[str, Any]:
        """What it tells of itself (NIP-11); {} when it tells nothing."""
        try:
            answer = await self.http.request("GET", self.address, headers={"Accept": INFORMATION})
            found = answer.json() if answer.ok else {}
        except (HttpError, NotJson):
            return {}
        return found if isinstance(found, dict) else {}


def not_opened(answer: Answer) -> ConnectorError:
    """A relay that answers, but not as one. Nothing was asked, and nobody is disconnected by it."""
    said = f"HTTP {answer.status}"
    if answer.status == 429:
        return RetryLater("busy", after=calls.retry_after(answer.headers), said=said)
    if answer.status in (410, 426):
        return Rejected("", "version_retired", said=said)
    return RetryLater("broken" if answer.status >= 500 else "not_itself", said=said)


def key_of(session: Session) -> Key:
    """The account's key. Raises GrantExpired when what was kept is none."""
    try:
        return Key(str(session.grant.secrets.get("key", "")))
    except ValueError as error:
        raise GrantExpired("bad_key") from error


def relays_at(http: Client, urls: Mapping[str, str], key: Key) -> list[Relay]:
    """Each address once, the first one typed first."""
    addresses = dict.fromkeys(urls[place] for place in PLACES if urls.get(place))
    named = {urls[place]: place for place in reversed(PLACES) if urls.get(place)}
    return [Relay(http, named[address], address, key) for address in addresses]


def relays(session: Session) -> list[Relay]:
    return relays_at(session.http, session.urls, key_of(session))


async def everywhere(
    among: Sequence[Relay], deed: Callable[[Line], Awaitable[T]]
) -> list[tuple[Relay, T | ConnectorError]]:
    """The deed done on a line to each of them, side by side: what came of it."""

    async def on(relay: Relay) -> T | ConnectorError:
        try:
            async with relay.line() as line:
                return await deed(line)
        except ConnectorError as error:
            return error

    return list(zip(among, await asyncio.gather(*(on(relay) for relay in among)), strict=True))


def good(told: Sequence[tuple[Relay, T | ConnectorError]]) -> list[T]:
    """What those said that did it. Raises the worst of the others when none did."""
    done = [one for _, one in told if not isinstance(one, ConnectorError)]
    if not done:
        raise worst([one for _, one in told if isinstance(one, ConnectorError)])
    return done


def worst(errors: Sequence[ConnectorError]) -> ConnectorError:
    for kind in (Ambiguous, RetryLater, Rejected):
        found = [error for error in errors if isinstance(error, kind)]
        if found:
            return max(found, key=lambda error: getattr(error, "after", None) or 0.0)
    return errors[0] if errors else Rejected("url", "no_relay")


async def ask(session: Session, *filters: Filter) -> list[Event]:
    """Every event that one of the relays has for these filters, each once, the oldest first."""
    told = good(await everywhere(relays(session), lambda line: line.ask(*filters)))
    found = {event.id: event for events in told for event in events}
    return sorted(found.values(), key=lambda event: (event.created_at, event.id))


async def tell(session: Session, event: Event) -> None:
    """Put the event on every relay; one that takes it is enough."""
    good(await everywhere(relays(session), lambda line: line.tell(event)))
