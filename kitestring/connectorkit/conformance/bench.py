"""The bench a connector stands on: its emulator served on loopback, a clock of its own, an account connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar
from uuid import UUID

from kitestring.connectorkit import sessions
from kitestring.connectorkit.consent import say_yes
from kitestring.connectorkit.contract import Connected, Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.emulation import Faults, Item, Platform
from kitestring.connectorkit.errors import ConnectorError
from kitestring.connectorkit.manifest import Manifest
from kitestring.connectorkit.powers import Auth, Consent, GivesBack, Publishing
from kitestring.connectorkit.registry import Connector
from kitestring.connectorkit.sentences import has_sentence
from kitestring.connectorkit.uploads import Kept
from kitestring.kit import clock
from kitestring.kit.http import Client

ACCOUNT = "conformance"
BACK = "https://kitestring.example/channels/back"
E = TypeVar("E", bound=ConnectorError)


class Nonconforming(AssertionError):
    """A connector does not do what its manifest says."""


def expect(condition: object, message: str) -> None:
    """Raise Nonconforming unless the condition holds."""
    if not condition:
        raise Nonconforming(message)


@dataclass
class Bench:
    """One connector, its emulator's platform and faults, and the address it is served at."""

    connector: Connector
    folder: Path
    base_url: str = ""
    platform: Platform = field(init=False)
    faults: Faults = field(default_factory=Faults)
    handles: dict[UUID, str] = field(default_factory=dict)
    uploads: dict[UUID, Kept] = field(default_factory=dict)
    registered: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.platform = Platform(clock=clock.now)

    @property
    def moved(self) -> timedelta:
        """How far time was moved on, for the channel and for the connector alike."""
        return clock.offset()

    @moved.setter
    def moved(self, by: timedelta) -> None:
        clock.move(by)

    @property
    def manifest(self) -> Manifest:
        return self.connector.manifest

    @property
    def emulator(self) -> ModuleType:
        found = self.connector.emulator
        if found is None:
            raise Nonconforming("there is no emulator.py")
        return found

    @property
    def auth(self) -> Auth:
        found = self.connector.auth
        if found is None:
            raise Nonconforming("there is no auth.py")
        return found

    @property
    def publishing(self) -> Publishing:
        found = self.connector.publishing
        if found is None:
            raise Nonconforming("there is no publishing.py")
        return found

    @property
    def gives_back(self) -> GivesBack:
        found = self.connector.gives_back
        if found is None:
            raise Nonconforming("a consent cannot be given back")
        return found

    @property
    def looks_up(self) -> bool:
        return self.manifest.duplicate_safety != "none"

    def looks_up_kind(self, session: Session, kind: str) -> bool:
        """Whether a look can tell if a post of this kind is there."""
        return self.manifest.safety_for(session.account_type, kind) != "none"

    def urls(self) -> dict[str, str]:
        """Every address of the manifest, led to the emulator."""
        if hasattr(self.emulator, "urls"):
            return dict(self.emulator.urls(self.base_url))
        return dict.fromkeys(self.manifest.hosts.urls, self.base_url)

    def app(self) -> dict[str, str]:
        """The operator's own app as the emulator knows it; of a channel that needs none, nothing; what it has registered."""
        if self.connector.registers:
            return dict(self.registered)
        return dict(self.emulator.app(self.base_url)) if self.manifest.auth.app else {}

    async def connect(self, **changed: str) -> Connected:
        """Connect the account, with these answers typed differently."""
        typed: Mapping[str, str] = {**self.emulator.answers(self.base_url, ACCOUNT), **changed}
        async with sessions.connecting(
            self.manifest, typed, urls_override=self.urls(), allow_loopback=True
        ) as (http, urls):
            if consent := self.connector.consent:
                app = {key: changed.get(key, value) for key, value in self.app().items()}
                return (await self._by_consent(consent, http, urls, app, typed))[0]
            return await self.auth.connect(http, urls, typed)

    async def _by_consent(
        self, consent: Consent, http: Client, urls: Mapping[str, str], app: Mapping[str, str],
        typed: Mapping[str, str], decision: str = "allow",
    ) -> Sequence[Connected]:  # fmt: skip
        """There and back, as a person's browser goes."""
        begun = await consent.begin(http, urls, app, typed, state="state-of-the-bench", redirect_uri=BACK)
        if begun.app:
            self.registered = dict(begun.app)
            app = self.registered
        back = await say_yes(begun.url, ACCOUNT, decision=decision)
        expect(back.pop("state", "") == "state-of-the-bench", "the address to go to does not carry the state")
        return await consent.finish(http, urls, app, begun, back, redirect_uri=BACK)

    async def refused_consent(self) -> Sequence[Connected]:
        """As `connect`, but the person says no."""
        typed: Mapping[str, str] = self.emulator.answers(self.base_url, ACCOUNT)
        async with sessions.connecting(
            self.manifest, typed, urls_override=self.urls(), allow_loopback=True
        ) as (http, urls):
            found = self.connector.consent
            if found is None:
                raise Nonconforming("auth.kind is oauth2, and auth.py has no begin")
            return await self._by_consent(found, http, urls, self.app(), typed, "deny")

    @asynccontextmanager
    async def session(
        self, connected: Connected | None = None, *, timeout: float = 10.0, allow_loopback: bool = True
    ) -> AsyncIterator[Session]:
        """The account's session, connected first unless handed in."""
        who = connected or await self.connect()
        async with sessions.session(
            self.manifest,
            who.grant,
            remote_id=who.remote_id,
            handle=who.handle,
            account_type=who.account_type,
            settings=who.settings,
            urls_override=self.urls(),
            allow_loopback=allow_loopback,
            timeout=timeout,
            app=self.app(),
        ) as opened:
            yield opened

    async def finish(self, session: Session, duty: Outgoing, outcome: Outcome | None) -> Published:
        """Follow what is being processed to its end, confirming by hand where the channel waits for a person."""
        for _ in range(50):
            if not isinstance(outcome, Processing):
                break
            expect(outcome.handle, "Processing without a handle cannot be followed")
            self.handles[duty.key] = outcome.handle
            if outcome.waits_for:
                self.worded(outcome.waits_for)
                if hasattr(self.emulator, "confirm"):
                    self.emulator.confirm(self.platform, outcome.handle)
            await asyncio.sleep(min(outcome.poll_after, 0.02))
            outcome = await self.publishing.follow(session, self.known(duty))
        if not isinstance(outcome, Published):
            raise Nonconforming(f"it ended as {outcome!r}, not as Published")
        expect(outcome.remote_id, "Published without a remote id")
        expect(outcome.url in ("",) or outcome.url.startswith("http"), f"{outcome.url!r} is no address")
        return outcome

    async def publish(self, session: Session, duty: Outgoing) -> Published:
        """Publish and see it through as the ledger does: each handle kept at once, each step's outcome raised."""
        return await self.finish(session, duty, await self.publishing.publish(session, self.known(duty)))

    def known(self, duty: Outgoing) -> Outgoing:
        """The duty with what earlier steps stored: its handle, and what the channel has of its files."""
        kept = self.uploads.setdefault(duty.key, Kept())
        return replace(duty, handle=self.handles.get(duty.key, duty.handle), uploads=kept)

    async def raises(self, kind: type[E], deed: Awaitable[Any]) -> E:
        """The outcome the deed must end in; its reason must have a sentence."""
        try:
            result = await deed
        except kind as error:
            self.worded(error.reason)
            return error
        except ConnectorError as error:
            raise Nonconforming(f"expected {kind.__name__}, got {type(error).__name__}: {error}") from error
        raise Nonconforming(f"expected {kind.__name__}, got the result {result!r}")

    def worded(self, reason: str) -> None:
        expect(has_sentence(reason, self.manifest), f"the reason {reason!r} has no sentence")

    def live(self) -> list[Item]:
        """What stands on the platform: posts and replies of the account."""
        return [item for item in self.platform.items.values() if item.visible]
