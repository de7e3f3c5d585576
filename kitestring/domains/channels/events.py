"""What happened to accounts, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class GrantEnded:
    """The account's consent has ended; nothing is sent on it until a member connects it again. `said`: the channel's words."""

    account_id: UUID
    reason: str = "grant_expired"
    said: str = ""


@dataclass(frozen=True)
class CallbackCame:
    """The account's channel called, genuinely. `about`: names of what it may be about, as the connector's `names` has them."""

    account_id: UUID
    about: tuple[str, ...]


@dataclass(frozen=True)
class WordsCame:
    """The account's channel brought what people wrote; it lies in `Arrival`s until it is taken in."""

    account_id: UUID


@dataclass(frozen=True)
class WordsAnnounced:
    """A call to the address of the account's app says that people wrote: under these posts, by remote id, or elsewhere (none)."""

    account_id: UUID
    posts: tuple[str, ...]


@dataclass(frozen=True)
class GrantRenewed:
    """What waited for the account's grant may go on."""

    account_id: UUID
