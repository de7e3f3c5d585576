"""What a call may bring back, told in the ledger's own terms. The engine makes these from outcomes and errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Final

from kitestring.kit.values import value

# Among the params of a refusal: it was ours, nothing of the post left this house.
NOT_SENT: Final = "not_sent"


@value
class Live:
    """It is there, once."""

    remote_id: str
    url: str = ""


@value
class Taken:
    """Accepted, not yet live. Seconds."""

    handle: str
    poll_after: float = 5.0
    waits_for: str = ""
    handed_over: bool = True


@value
class Told:
    """Base of the answers that carry a reason and the channel's own words."""

    reason: str
    said: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)


@value
class Later(Told):
    """Surely nothing went out; `after` seconds when the channel said so."""

    after: float | None = None


@value
class Ended(Told):
    """Surely nothing went out: the account's grant has ended."""


@value
class Refused(Told):
    """Surely nothing went out, for good, unless a person changes `part`."""

    part: str = ""


@value
class Unclear(Told):
    """Nobody knows."""


@value
class Absent:
    """A look-up that found nothing."""


Answer = Live | Taken | Later | Ended | Refused | Unclear | Absent
