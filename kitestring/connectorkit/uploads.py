"""What a channel has taken of a delivery's files: kept the moment it is known, so that the next try goes on from there.

An upload alone never publishes, so to upload again is never a doubt, only a waste. A connector asks `get` before it
sends a file, and `keep`s what the channel gave for it; what the channel no longer knows it `forget`s and sends anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from kitestring.kit import clock

if TYPE_CHECKING:
    from kitestring.connectorkit.contract import Media


@dataclass(frozen=True)
class Upload:
    """`handle`: the channel's own name for it (a media id, an upload session). `taken`: bytes it had of a file sent in
    pieces when we last heard; None once it has the whole file.

    The channel's own count goes before ours: it may have taken a piece whose answer was lost.
    """

    handle: str
    taken: int | None = None


class Uploads(Protocol):
    """What is kept of one delivery's files, by the file's bytes and what the channel was told of it (type, alt text).

    `place` tells apart what the channel tells apart: the same picture as cover and inside, or twice in one post.
    """

    def get(self, media: Media, place: str = "") -> Upload | None:
        """What an earlier try left there; None when there is nothing, or its time is over."""
        ...

    async def keep(
        self,
        media: Media,
        handle: str,
        *,
        place: str = "",
        taken: int | None = None,
        expires_at: datetime | None = None,
        stays: bool = False,
    ) -> bool:
        """Keep it now. `stays`: people see it there, in a library, and the channel never clears it away by itself.

        False: it is known until this try ends and no longer. Where the last piece of a file is what publishes, such a
        try must end before it.
        """
        ...

    async def forget(self, media: Media, place: str = "") -> None:
        """The channel knows nothing of it any more."""
        ...

    def every(self) -> Sequence[Upload]:
        """All that is kept of this delivery, also what is over: for a look-up, which is given no files."""
        ...


Name = tuple[str, str]


def name_of(media: Media, place: str = "") -> Name:
    """(the file's hash, a mark of what the channel was told of it): another alt text is another upload."""
    told = "\0".join((media.mime, media.alt, place))
    return media.sha256, sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Kept:
    """Uploads in memory: for a connector's own tests, and under the ledger's."""

    def __init__(self) -> None:
        self.known: dict[Name, tuple[Upload, datetime | None]] = {}

    def get(self, media: Media, place: str = "") -> Upload | None:
        upload, expires_at = self.known.get(name_of(media, place), (None, None))
        return None if expires_at is not None and expires_at <= clock.now() else upload

    async def keep(
        self,
        media: Media,
        handle: str,
        *,
        place: str = "",
        taken: int | None = None,
        expires_at: datetime | None = None,
        stays: bool = False,
    ) -> bool:
        self.known[name_of(media, place)] = Upload(handle, taken), expires_at
        return True

    async def forget(self, media: Media, place: str = "") -> None:
        self.known.pop(name_of(media, place), None)

    def every(self) -> Sequence[Upload]:
        return [upload for upload, _ in self.known.values()]


class NothingKept(Kept):
    """For whatever carries no files: remembers nothing."""

    async def keep(self, media: Media, handle: str, **_facts: object) -> bool:
        return False
