"""The platform behind the channel: what it stored, what it does wrong next, and how late its timeline shows a post."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from tests.chaos.points import reach

T = TypeVar("T")
PATIENCE: Final = 20.0  # seconds until a call that gets no answer is given up
TRICKLE: Final = 300.0  # longer than any lease

# name: stored first?, then how it sounds for (a write, a read).
LOST: Final = ("no_answer", "no_answer")
FAULTS: Final[dict[str, tuple[bool, tuple[str, str]]]] = {
    "lost_before": (False, LOST),
    "lost_after": (True, LOST),
    "silence_before": (False, LOST),
    "silence_after": (True, LOST),
    "error_before": (False, ("broken", "broken")),
    "error_after": (True, ("broken", "broken")),
    "wrong_json": (True, ("not_itself", "not_itself")),
}
PLAIN: Final = ("busy", "busy_for_a_minute", "unauthorized", "trickle")


@dataclass
class Post:
    id: str
    key: str
    text: str
    at: float
    account: str = ""
    under: str = ""
    files: tuple[str, ...] = ()


@dataclass
class Sea:
    """`faults`: by step ("store", "look", "prepare", "renew", "draw"), what goes wrong there next. `lag` in seconds.

    `slow`: how long it works on what it was let go, in seconds; until then it is not there.
    `files`: what it has of each, by upload session; `brought`: bytes it was sent in all.
    `watch` is shown each post as it is stored, `ever` has the key of each. `comes_back`: who connects next (id, type).
    `orphans`: what was put under something that is not there.
    `clock`: its own, which ours may differ from. `tokens`: the one good token of each account; who renews with it spends it.
    """

    posts: list[Post] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    containers: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytearray] = field(default_factory=dict)
    brought: int = 0
    lag: float = 0.0
    refuses_twins: bool = False
    slow: float = 0.0
    clock: Callable[[], float] = lambda: 0.0
    watch: Callable[[Post], None] = lambda _post: None
    ever: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    comes_back: tuple[str, str] = ("", "")
    _made: int = 0

    def first_token(self, account: str) -> str:
        return self.tokens.setdefault(account, f"{account} 1")

    def admits(self, account: str, token: str) -> None:
        """A renewal ends the token before it, whoever still has that."""
        if self.tokens.get(account) != token:
            raise GrantExpired()

    def another_token(self, account: str, token: str) -> str:
        """Raises GrantExpired for any token but the one that is good."""
        self.admits(account, token)
        number = int(token.rpartition(" ")[2]) + 1
        self.tokens[account] = f"{account} {number}"
        return self.tokens[account]

    def place(self, key: str) -> int:
        """When it was stored, as a place in the line; -1 when it was not."""
        return next((n for n, one in enumerate(self.posts) if one.key == key), -1)

    def copies(self, key: str) -> int:
        return sum(1 for one in self.posts if one.key == key)

    async def call(self, step: str, deed: Callable[[], T], *, write: bool = False) -> T:
        """One call: asked, done there, told. A process may die at each of the three."""
        await asyncio.sleep(0)
        reach(f"{step}: about to leave")
        fault, stored_first, told = self._next(step)
        if fault and not stored_first:
            await self._go_wrong(fault, told, write=write)
        done = deed()
        reach(f"{step}: done there, not told yet")
        if fault == "trickle":
            await asyncio.sleep(TRICKLE)
        elif fault and stored_first:
            await self._go_wrong(fault, told, write=write)
        await asyncio.sleep(0)
        reach(f"{step}: told")
        return done

    def begin(self) -> str:
        """An upload session, with nothing in it yet."""
        handle = f"u{len(self.files) + 1}"
        self.files[handle] = bytearray()
        return handle

    def take(self, handle: str, offset: int, piece: bytes) -> int:
        """How much it has then. Raises Rejected("media") for a piece that does not follow what it has."""
        if handle not in self.files or offset != len(self.files[handle]):
            raise Rejected("media", "refused")
        self.files[handle] += piece
        self.brought += len(piece)
        return len(self.files[handle])

    def store(self, key: str, text: str, account: str, under: str = "", files: tuple[str, ...] = ()) -> Post:
        if self.refuses_twins and any(one.text == text for one in self.posts):
            raise Rejected("text", "duplicate", said="This was posted already.")
        self._made += 1  # what is taken down gives its id to nobody else
        post = Post(f"p{self._made}", key, text, self.clock(), account, under, files)
        if under and not any(one.id == under and one.account == account for one in self.posts):
            self.orphans.append(key)
        self.posts.append(post)
        self.ever.append(key)
        self.watch(post)
        return post

    def shown(self, key: str) -> Post | None:
        """The post as the timeline has it, which may lag behind."""
        seen = (one for one in self.posts if one.at + self.lag <= self.clock())
        return next((one for one in seen if one.key == key), None)

    def _next(self, step: str) -> tuple[str, bool, tuple[str, str]]:
        if fault := self.faults.pop(step, ""):
            stored_first, told = FAULTS.get(fault, (fault == "trickle", LOST))
            return fault, stored_first, told
        return "", False, LOST

    async def _go_wrong(self, fault: str, told: tuple[str, str], *, write: bool) -> None:
        if fault.startswith("silence"):
            await asyncio.sleep(PATIENCE)
        match fault:
            case "busy":
                raise RetryLater("busy")
            case "busy_for_a_minute":
                raise RetryLater("busy", after=60.0)
            case "unauthorized":
                raise GrantExpired()
        raise _unclear(told, write=write)


def _unclear(told: tuple[str, str], *, write: bool) -> ConnectorError:
    return Ambiguous(told[0]) if write else RetryLater(told[1])


SEA = Sea()


def fresh(faults: dict[str, str], *, lag: float = 0.0, refuses_twins: bool = False) -> Sea:
    """The one platform of this process, with nothing on it."""
    SEA.posts.clear()
    SEA.containers.clear()
    SEA.files.clear()
    SEA.brought, SEA.slow = 0, 0.0
    SEA.tokens.clear()
    SEA.ever.clear()
    SEA.orphans.clear()
    SEA.watch = lambda _post: None
    SEA.faults, SEA.lag, SEA.refuses_twins = dict(faults), lag, refuses_twins
    return SEA
