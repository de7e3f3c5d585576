"""Files go up before the post that shows them: a picture in one go, a video in parts that LinkedIn cuts itself.

Each part of a video is answered by its ETag; the list of them ends the upload. A file shows nowhere until a post names it.
Source: learn.microsoft.com/linkedin/marketing/community-management/shares: images-api, videos-api.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.linkedin.client import Api
from kitestring.connectors.linkedin.urns import encoded

AGAIN: Final = 10.0  # seconds until it is asked again how far a video is


@dataclass(frozen=True)
class File:
    """A file LinkedIn has: its name, and whether a post may show it yet."""

    name: str
    ready: bool = True


async def sent(api: Api, session: Session, outgoing: Outgoing, place: int) -> File:
    """The file at `place`, as an earlier try left it there, gone on with, or sent anew."""
    media, mark = outgoing.media[place], str(place)
    kept = outgoing.uploads.get(media, mark)
    if kept is not None and kept.taken is None:
        found = await state(api, kept.handle)
        if found is not None:
            return found
        await outgoing.uploads.forget(media, mark)
    elif kept is not None:
        try:
            return await _parts(api, outgoing, place, json.loads(kept.handle))
        except (Rejected, RetryLater) as error:
            if error.reason not in ("not_there", "file_lost", "refused"):
                raise
            await outgoing.uploads.forget(media, mark)
    if media.mime.startswith("video/"):
        return await _video(api, session, outgoing, place)
    begun = await api.begin("images", {"owner": session.remote_id})
    name = _named(begun, "image")
    await api.put(_address(begun), media.path, token=True)
    await outgoing.uploads.keep(media, name, place=mark)
    return File(name)


async def _video(api: Api, session: Session, outgoing: Outgoing, place: int) -> File:
    media = outgoing.media[place]
    wish = {"owner": session.remote_id, "fileSizeBytes": media.size}
    begun = await api.begin("videos", {**wish, "uploadCaptions": False, "uploadThumbnail": False})
    parts = [
        [_address(part), int(part["firstByte"]), int(part["lastByte"])]
        for part in begun.get("uploadInstructions") or ()
    ]
    if not parts:
        raise RetryLater("not_itself", said=str(begun)[:200])
    known = {
        "video": _named(begun, "video"),
        "token": str(begun.get("uploadToken") or ""),
        "parts": parts,
        "tags": [],
    }
    await outgoing.uploads.keep(media, json.dumps(known), place=str(place), taken=0)
    return await _parts(api, outgoing, place, known)


async def _parts(api: Api, outgoing: Outgoing, place: int, known: dict[str, Any]) -> File:
    """The parts whose tags are not known yet, then the end of it."""
    media, mark = outgoing.media[place], str(place)
    for address, first, last in known["parts"][len(known["tags"]) :]:
        data = await asyncio.to_thread(_read, media.path, first, last - first + 1)
        answer = await api.put(address, data, token=False)
        tag = answer.headers.get("etag", "").strip('"')
        if not tag:
            raise RetryLater("not_itself", said="no ETag")
        known["tags"].append(tag)
        await outgoing.uploads.keep(media, json.dumps(known), place=mark, taken=last + 1)
    told = {"video": known["video"], "uploadToken": known["token"], "uploadedPartIds": known["tags"]}
    await api.change("POST", "videos", "action=finalizeUpload", body={"finalizeUploadRequest": told})
    await outgoing.uploads.keep(media, known["video"], place=mark)
    return await state(api, known["video"]) or File(known["video"], ready=False)


def _read(path: Path, start: int, most: int) -> bytes:
    """Raises Rejected("media", "file_gone") when the file cannot be read, or ends before it should."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(most)
    except OSError as error:
        raise Rejected("media", "file_gone", said=type(error).__name__) from error
    if len(data) < most:
        raise Rejected("media", "file_gone")
    return data


async def state(api: Api, name: str) -> File | None:
    """How far LinkedIn is with a file; None when it has it no more. Raises Rejected("media", "processing_failed").

    Who may only write (a person's consent) is not told of pictures: those are taken to be there.
    """
    kind = "videos" if name.startswith("urn:li:video:") else "images"
    try:
        found = await api.read(f"{kind}/{encoded(name)}")
    except Rejected as error:
        if error.reason == "not_there":
            return None
        if error.reason == "not_permitted":
            return File(name)
        raise
    told = found.get("status")
    if told == "PROCESSING_FAILED":
        raise Rejected("media", "processing_failed", said=str(found.get("processingFailureReason") or ""))
    if told == "WAITING_UPLOAD":
        return None
    return File(name, ready=told == "AVAILABLE" or kind == "images")


def _named(begun: dict[str, Any], what: str) -> str:
    name = str(begun.get(what) or "")
    if not name.startswith(f"urn:li:{what}:"):
        raise RetryLater("not_itself", said=str(begun)[:200])
    return name


def _address(told: dict[str, Any]) -> str:
    if not str(told.get("uploadUrl") or "").startswith("http"):
        raise RetryLater("not_itself", said=str(told)[:200])
    return str(told["uploadUrl"])
