"""What a call may bring back, told in the ledger's own terms. The engine makes these from outcomes and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Live:
    """It is there, once."""

    remote_id: str
    url: str = ""


@dataclass(frozen=True)
class Taken:
    """Accepted, not yet live. Seconds."""

    handle: str
    poll_after: float = 5.0
    waits_for: str = ""
    handed_over: bool = True


@dataclass(frozen=True)
class Told:
    """Base of the answers that carry a reason and the channel's own words."""

    reason: str
    said: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Later(Told):
    """Surely nothing went out; `after` seconds when the channel said so."""

    after: float | None = None


@dataclass(frozen=True)
class Ended(Told):
    """Surely nothing went out: the account's grant has ended."""


@dataclass(frozen=True)
class Refused(Told):
    """Surely nothing went out, for good, unless a person changes `part`."""

    part: str = ""


@dataclass(frozen=True)
class Unclear(Told):
    """Nobody knows."""


@dataclass(frozen=True)
class Absent:
    """A look-up that found nothing."""


Answer = Live | Taken | Later | Ended | Refused | Unclear | Absent
