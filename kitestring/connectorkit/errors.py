"""The outcomes a connector may raise; the engine knows these and nothing else of a vendor.

Each carries what cures it. `reason` is a key into the manifest's `[sentences]` or the common
`sentences*.toml`, so the person reads it in their language; `said` keeps the channel's own words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, Final

LONGEST: Final = 86400.0


class ConnectorError(Exception):
    """Base of the four outcomes. Never raised itself."""

    def __init__(self, reason: str, *, said: str = "", params: Mapping[str, str | int] | None = None) -> None:
        super().__init__(f"{reason}: {said}" if said else reason)
        self.reason = reason
        self.said = said[:2000]
        self.params = dict(params or {})

    def hide(self, *secrets: str) -> None:
        """Blank these wherever a traceback would show them: in what is said here, and in what it was raised from."""
        hidden = [secret for secret in secrets if secret]
        self.said = _blanked(self.said, hidden)
        seen: set[int] = set()
        error: BaseException | None = self
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            error.args = tuple(_blanked(part, hidden) for part in error.args)
            error = error.__cause__ or error.__context__


def _blanked(part: Any, hidden: Sequence[str]) -> Any:
    """As it is, or its words with stars where they hold one of these."""
    words = str(part)
    for secret in hidden:
        words = words.replace(secret, "***")
    return part if words == str(part) else words


class RetryLater(ConnectorError):
    """Surely not posted; try again after so many seconds (None: the engine's own backoff), a day at most.

    Whatever a server says: a wait that is no number is none, and a longer one is asked about again tomorrow.
    """

    def __init__(
        self,
        reason: str = "busy",
        *,
        after: float | None = None,
        said: str = "",
        params: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(reason, said=said, params=params)
        self.after = None if after is None or not isfinite(after) else min(max(after, 0.0), LONGEST)


class GrantExpired(ConnectorError):
    """Surely not posted; the account's consent has ended and a person must renew it."""

    def __init__(
        self,
        reason: str = "grant_expired",
        *,
        said: str = "",
        params: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(reason, said=said, params=params)


class Rejected(ConnectorError):
    """Surely not posted, for good, unless a person changes `field`."""

    def __init__(
        self,
        field: str,
        reason: str = "refused",
        *,
        said: str = "",
        params: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(reason, said=said, params=params)
        self.field = field


class Ambiguous(ConnectorError):
    """Nobody knows whether it was posted: look it up before anything else is tried."""

    def __init__(self, reason: str = "no_answer", *, said: str = "") -> None:
        super().__init__(reason, said=said)


class NotWritten(Exception):
    """In a folder fresh from `bin/new-connector`: here code is still to be written. No finished connector raises it."""
