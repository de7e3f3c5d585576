"""What a channel calls us with: `hooks.py` says whether it is genuine and what it may be about, and nothing else.

A callback is a knock at the door, no news of our posts: what it says of them is never written anywhere. It only makes us ask
the channel now what we would have asked later. So a callback that comes twice, late, out of order or from a forger changes
nothing. What people wrote is another thing: some channels tell it by a call and by nothing else. Such a call brings the
words themselves (`Heard.messages`), which are taken in once by their remote id, as if they had been fetched.

Some channels give one address to an operator's app and sign with the app's secret (`[hooks] of = "app"`). What comes there is
a bell for those accounts of the app that it names, and for nothing else: `Rung`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Protocol

from kitestring.connectorkit.contract import Incoming, Session


@dataclass(frozen=True)
class Knock:
    """A request that came to an account's address, as it came. Names of headers are in lower case."""

    method: str
    query: Mapping[str, str] = field(repr=False)  # what is agreed as a secret may stand in any of these
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Door:
    """The account it came to: what was agreed with the channel (`[hooks] values`), who it is there, its settings.

    `keys`: those secrets of its grant or of the operator's app that `[hooks] signed_with` names; one that neither has is "".
    """

    secrets: Mapping[str, str] = field(repr=False)
    remote_id: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Heard:
    """It is genuine: what to answer (plain text), and the names of what it may be about, as `names` gives them.

    `messages`: what people wrote, of the sorts that `[hooks] brings` names. Only where the signature covers the body.
    """

    answer: str = ""
    about: tuple[str, ...] = ()
    messages: tuple[Incoming, ...] = ()


@dataclass(frozen=True)
class AppDoor:
    """The operator's app it came to: what was agreed for its address (`[hooks] values`), and what the channel signs with.

    `keys`: those secrets of the app that `[hooks] signed_with` names; one that was not typed in is "".
    """

    secrets: Mapping[str, str] = field(repr=False)
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Ring:
    """One account that a call names, by its remote id there: what to ask its channel about now.

    `about`: names of what is under way, as `names` gives them. `words`: people wrote something. `posts`: under which of its
    posts, by their remote ids; none where that is not told, or where it stands under none.
    """

    remote_id: str
    about: tuple[str, ...] = ()
    words: bool = False
    posts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rung:
    """A call to an app's address is genuine: what to answer (plain text, or JSON where it is an object), and whom it names.

    `signed`: False for a trial of the address that anybody could have made. It is answered and rings nothing.
    """

    answer: str = ""
    rings: tuple[Ring, ...] = ()
    signed: bool = True


class AppHooks(Protocol):
    """`hooks.py` of a channel that calls one address for a whole app: plain functions that make no call and keep nothing."""

    def hear(self, knock: Knock, door: AppDoor) -> Rung | None:
        """None when it is not surely from the channel, or too old. Secrets are compared in constant time."""
        ...

    def names(self, handle: str) -> Collection[str]:
        """As `Hooks.names`."""
        ...


class Hooks(Protocol):
    """`hooks.py`: plain functions that make no call and keep nothing."""

    def verify(self, knock: Knock, door: Door) -> Heard | None:
        """None when it is not surely from the channel. Secrets are compared in constant time (`hmac.compare_digest`)."""
        ...

    def names(self, handle: str) -> Collection[str]:
        """By which names callbacks may call what this handle stands for; none when it was not handed over yet."""
        ...


class Introduces(Protocol):
    """Also in `hooks.py`, where a call leaves out who speaks: asked of the channel when the words are taken in."""

    async def introduce(self, session: Session, messages: Sequence[Incoming]) -> Sequence[Incoming]:
        """The same messages in the same order, with names and faces. One who is not told stays nameless."""
        ...


def ours(found: str, address: str) -> bool:
    """Whether an address that a channel has is one of ours: it differs from `address` in its last part alone, the secret."""
    return bool(found) and found.rpartition("/")[0] == address.rpartition("/")[0]


def packed(incoming: Incoming) -> dict[str, Any]:
    """As JSON can hold it, until it is taken in."""
    told = asdict(incoming)
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in told.items()}


def unpacked(told: Mapping[str, Any]) -> Incoming:
    """The message again; what another version of this house added to it is left out. Raises TypeError, ValueError."""
    known = {one.name for one in fields(Incoming)}
    kept = {key: value for key, value in told.items() if key in known}
    for moment in ("at", "answer_by"):
        if kept.get(moment):
            kept[moment] = datetime.fromisoformat(kept[moment])
    return Incoming(**kept)
