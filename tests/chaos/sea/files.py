"""How a file goes up in pieces: a session, a piece after the other, and on again from where the channel says it is."""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Media, Outgoing
from tests.chaos.sea.platform import SEA

PIECE: Final = 1000  # bytes


async def send_up(outgoing: Outgoing) -> tuple[str, ...]:
    """The upload session of each file, whole. What an earlier try brought is not brought again."""
    return tuple([await _whole(outgoing, media, str(n)) for n, media in enumerate(outgoing.media)])


async def _whole(outgoing: Outgoing, media: Media, place: str) -> str:
    data = media.path.read_bytes()
    handle, there = await _session(outgoing, media, place)
    while there < len(data):
        piece = data[there : there + PIECE]
        there = await SEA.call("piece", lambda at=there, one=piece: SEA.take(handle, at, one))
        taken = there if there < len(data) else None
        await outgoing.uploads.keep(media, handle, place=place, taken=taken)
    return handle


async def _session(outgoing: Outgoing, media: Media, place: str) -> tuple[str, int]:
    """The session of an earlier try with the channel's own count of what it has; a new one where it knows none."""
    if kept := outgoing.uploads.get(media, place):
        known = await SEA.call("offset", lambda: SEA.files.get(kept.handle))
        if known is not None:
            return kept.handle, len(known)
        await outgoing.uploads.forget(media, place)
    handle = await SEA.call("begin", SEA.begin)
    await outgoing.uploads.keep(media, handle, place=place, taken=0)
    return handle, 0
