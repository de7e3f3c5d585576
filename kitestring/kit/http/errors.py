"""What can go wrong with a call, told apart by the one question that matters: did it reach the other side?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kitestring.kit.http.answer import Answer


class HttpError(Exception):
    """Base of all. Its text never holds a secret: host names and reasons only."""


class HostRefused(HttpError):
    """The address is not allowed (host, scheme or private network). Nothing left this machine."""


class FileGone(HttpError):
    """A file that was to be sent cannot be read. Nothing left this machine."""


class NotSent(HttpError):
    """No connection was made (name, connect or TLS failed). Surely nothing was asked."""


class NotOpened(HttpError):
    """Whoever answers opens no WebSocket; `answer` is what was said instead (its body is not read). Nothing was asked."""

    def __init__(self, message: str, answer: Answer) -> None:
        super().__init__(message)
        self.answer = answer


class NoAnswer(HttpError):
    """The request may have arrived; its answer did not, or not whole. Unclear."""


class TooLarge(HttpError):
    """The answer was larger than we accept and was dropped. The request did arrive."""


class NotJson(HttpError):
    """The answer is not JSON (a web page, a proxy's notice). `seen` holds its first letters."""

    def __init__(self, message: str, seen: str = "") -> None:
        super().__init__(message)
        self.seen = seen
