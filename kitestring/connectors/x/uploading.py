"""Files go up in pieces (initialize, append, finalize) and are described; a video or GIF is then worked on for a while.

A file shows nowhere until a post names it. A piece has its number: the same number sent again takes the first one's place, so an
upload goes on at the piece whose answer was not heard. Source: xdevplatform/docs, x-api/media/quickstart.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.x.client import Api
from kitestring.kit import clock
from kitestring.kit.http import Part

PIECE = 4_000_000  # bytes; larger where a file would need more pieces than X counts
PIECES = 1000  # segment_index goes from 0 to 999
EARLY = 600.0  # seconds before its end from which a file is not relied on any more


@dataclass(frozen=True)
class File:
    """A file X has: its media id, and in how many seconds to ask again whether it is ready (0: it is)."""

    id: str
    wait: float = 0.0


def category(media: Media) -> str:
    """What X calls a file of this type when a post is to show it."""
    if media.mime == "image/gif":
        return "tweet_gif"
    return "tweet_video" if media.mime.startswith("video/") else "tweet_image"


async def sent(api: Api, outgoing: Outgoing, place: int) -> File:
    """The file at `place`, as an earlier try left it there, gone on with, or sent anew."""
    media, name = outgoing.media[place], str(place)
    kept = outgoing.uploads.get(media, name)
    if kept is not None and kept.taken is None:
        try:
            return await state(api, kept.handle)
        except Rejected as error:
            if error.reason == "processing_failed":
                raise
            await outgoing.uploads.forget(media, name)
    elif kept is not None:
        try:
            return await _go_on(api, outgoing, place, kept.handle, kept.taken or 0)
        except Rejected as error:
            if error.reason not in ("not_there", "refused"):
                raise
            await outgoing.uploads.forget(media, name)
    body = {"media_type": media.mime, "total_bytes": media.size, "media_category": category(media)}
    begun = await api.media("POST", "media/upload/initialize", body=body)
    handle = _id(begun)
    await outgoing.uploads.keep(media, handle, place=name, taken=0)
    return await _go_on(api, outgoing, place, handle, 0)


async def _go_on(api: Api, outgoing: Outgoing, place: int, handle: str, taken: int) -> File:
    """The pieces from byte `taken` on, then the end of it."""
    media, name, piece = outgoing.media[place], str(place), _piece(outgoing.media[place].size)
    while taken < media.size:
        data = await asyncio.to_thread(_read, media.path, taken, piece)
        number = Part("segment_index", str(taken // piece))
        await api.upload(
            f"media/upload/{handle}/append", [number, Part("media", data, f"{name}.part", media.mime)]
        )
        taken += len(data)
        await outgoing.uploads.keep(media, handle, place=name, taken=taken)
    done = await api.media("POST", f"media/upload/{handle}/finalize")
    if media.alt.strip():
        described = {"id": handle, "metadata": {"alt_text": {"text": media.alt}}}
        await api.media("POST", "media/metadata", body=described)
    ends = clock.now() + timedelta(seconds=max(0.0, float(done.get("expires_after_secs") or 86400) - EARLY))
    await outgoing.uploads.keep(media, handle, place=name, expires_at=ends)
    return File(handle, _left(done))


def _piece(size: int) -> int:
    return max(PIECE, -(-size // PIECES))


def _read(path: Path, start: int, most: int) -> bytes:
    """Raises Rejected("media", "file_gone") when the file cannot be read, or ends before it should."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(most)
    except OSError as error:
        raise Rejected("media", "file_gone", said=type(error).__name__) from error
    if not data:
        raise Rejected("media", "file_gone")
    return data


async def state(api: Api, handle: str) -> File:
    """How far X is with a file. Raises Rejected("media", "processing_failed"), or not_there when it has it no more."""
    found = await api.media("GET", "media/upload", params=[("command", "STATUS"), ("media_id", handle)])
    return File(_id(found), _left(found))


def _left(found: dict[str, Any]) -> float:
    """Seconds until it is worth asking again; 0 when the file is ready."""
    work = found.get("processing_info") or {}
    if work.get("state") == "failed":
        raise Rejected("media", "processing_failed", said=str((work.get("error") or {}).get("message") or ""))
    if work.get("state") in ("pending", "in_progress"):
        return max(1.0, float(work.get("check_after_secs") or 5))
    return 0.0


def _id(found: dict[str, Any]) -> str:
    if not str(found.get("id") or "").isdecimal():
        raise RetryLater("not_itself", said=str(found)[:200])
    return str(found["id"])
