"""What a channel calls us with: `hooks.py` says whether it is genuine and what it may be about, and nothing else.

A callback is a knock at the door, no news: what it says is never written anywhere. It only makes us ask the channel now
what we would have asked later. So a callback that comes twice, late, out of order or from a forger changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Knock:
    """A request that came to an account's address, as it came. Names of headers are in lower case."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Door:
    """The account it came to: what was agreed with the channel (`[hooks] values`), who it is there, its settings."""

    secrets: Mapping[str, str]
    remote_id: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """It is genuine: what to answer (plain text), and the names of what it may be about, as `names` gives them."""

    answer: str = ""
    about: tuple[str, ...] = ()


class Hooks(Protocol):
    """`hooks.py`: plain functions that make no call and keep nothing."""

    def verify(self, knock: Knock, door: Door) -> Heard | None:
        """None when it is not surely from the channel. Secrets are compared in constant time (`hmac.compare_digest`)."""
        ...

    def names(self, handle: str) -> Collection[str]:
        """By which names callbacks may call what this handle stands for; none when it was not handed over yet."""
        ...
