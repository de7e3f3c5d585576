"""A video on its way up: its number is stored before a byte leaves, then piece after piece, gone on with where it broke.

Only the last piece posts it. An upload that is not whole never appears; one whose address is over is begun anew.
Source: developers.tiktok.com/doc/content-posting-api-media-transfer-guide (read as a stored copy; the page carries no date).
"""

from __future__ import annotations

import asyncio
from typing import Final

from kitestring.connectorkit.contract import Media, Outcome, Outgoing, Processing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.tiktok import stands
from kitestring.connectors.tiktok.client import Api, api
from kitestring.connectors.tiktok.drafting import film
from kitestring.connectors.tiktok.stands import POLL, Known
from kitestring.kit import clock

PIECE: Final = 6_000_000  # bytes: from 5 to 64 MB, the last one up to 128 MB; at most 1,000 pieces
PLACE: Final = "video"
STILL: Final = 3  # pieces in a row that TikTok does not wait for, after which we come again later
INIT: Final = {"video": "post/publish/video/init", "draft": "post/publish/inbox/video/init"}


async def sent(session: Session, outgoing: Outgoing) -> Outcome:
    """The whole file is there, and TikTok works on it. Raises Ambiguous where only the last answer is missing."""
    media, caller = outgoing.media[0], api(session)
    kept = outgoing.uploads.get(media, PLACE)
    known = stands.known_of(kept.handle) if kept is not None else None
    told = await stands.asked(session, known) if known is not None else None
    if known is not None and told is not None and told.status == "PROCESSING_UPLOAD":
        if await _reached(caller, outgoing, known, told.uploaded):
            return Processing(known.text, poll_after=POLL)
        # Before it is sent again: did the last piece arrive after all?
        told = await stands.asked(session, known)
        found = stands.outcome(session, outgoing, known, told) if told is not None else None
        if found is not None:
            return found
    if kept is not None:
        await outgoing.uploads.forget(media, PLACE)
    known = await _begun(caller, outgoing)
    if not await _pieces(caller, outgoing, known, 0):
        raise RetryLater("file_lost")
    return Processing(known.text, poll_after=POLL)


async def _begun(caller: Api, outgoing: Outgoing) -> Known:
    """A new upload, written down before anything of the file leaves. Nothing appears by this alone."""
    media = outgoing.media[0]
    piece = min(PIECE, media.size)
    source = {
        "source": "FILE_UPLOAD",
        "video_size": media.size,
        "chunk_size": piece,
        "total_chunk_count": media.size // piece,
    }
    told = await caller.ask(INIT[outgoing.kind], film(outgoing, source))
    if not told.get("publish_id") or not told.get("upload_url"):
        raise RetryLater("not_itself", said=str(sorted(told))[:200])
    at = clock.now().isoformat()
    known = Known(str(told["publish_id"]), str(told["upload_url"]), media.size, piece, at)
    if not await outgoing.uploads.keep(media, known.text, place=PLACE, taken=0):
        raise RetryLater("not_kept")
    return known


async def _reached(caller: Api, outgoing: Outgoing, known: Known, taken: int) -> bool:
    """Whether the rest of the file arrived; an address that is not reachable, or not allowed, any more is over too."""
    try:
        return await _pieces(caller, outgoing, known, taken)
    except (RetryLater, Rejected) as error:
        if error.reason not in ("not_reached", "host_refused"):
            raise
        return False


async def _pieces(caller: Api, outgoing: Outgoing, known: Known, taken: int) -> bool:
    """Send what is not there yet; False when the upload's address is over."""
    media, still = outgoing.media[0], 0
    at = boundary(known, taken)
    while at < known.size:
        end = known.size if at == _last(known) else at + known.piece
        data = await asyncio.to_thread(_read, media, at, end - at)
        stood = await caller.put(known.url, data, at, known.size, media.mime)
        if stood.done or stood.lost:
            return stood.done
        if stood.refused:
            still += 1
            wanted = at if stood.told is None else boundary(known, counted(known, stood.told))
            if wanted == at or still == STILL:
                raise RetryLater("not_itself")
            at = wanted
            continue
        if end == known.size:
            raise RetryLater("not_itself")  # it calls the last piece one of several
        at, still = end, 0
        await outgoing.uploads.keep(media, known.text, place=PLACE, taken=at)
    return True


def _last(known: Known) -> int:
    """Where the last piece begins: it takes what is left over, too."""
    return (max(1, known.size // known.piece) - 1) * known.piece


def boundary(known: Known, taken: int) -> int:
    """Where to go on when so many bytes are there: pieces are whole, and all of it is all of it."""
    return known.size if taken >= known.size else min(taken // known.piece * known.piece, _last(known))


def counted(known: Known, told: int) -> int:
    """How many bytes "bytes 0-N" means: the guide calls N the number of bytes, the header's own rule the last of them."""
    return told + 1 if (told + 1) % known.piece == 0 or told + 1 == known.size else told


def _read(media: Media, start: int, size: int) -> bytes:
    """Raises Rejected("media", "file_gone") when the file cannot be read, or ends before it should."""
    try:
        with media.path.open("rb") as file:
            file.seek(start)
            data = file.read(size)
    except OSError as error:
        raise Rejected("media", "file_gone", said=type(error).__name__) from error
    if len(data) != size:
        raise Rejected("media", "file_gone")
    return data
