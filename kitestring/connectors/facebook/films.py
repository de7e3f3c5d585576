"""Videos on their way up: an upload that nobody sees, gone on with where it broke, and how far Facebook is with it.

Source: developers.facebook.com/docs/video-api/guides/reels-publishing, .../page-stories-api (page updated 2026-05-06), and
fbsamples/Facebook-Reels-Publishing-API-Postman-Collection (2022-10-11)
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.facebook.client import ROWS
from kitestring.kit import clock
from kitestring.providers.meta.errors import knows
from kitestring.providers.meta.graph import Graph, number, object_of

HELD: Final = timedelta(hours=23)
PATIENCE: Final = 900.0  # seconds for one upload
REST: Final = 64_000_000  # bytes that are read into memory to go on in the middle; more begins anew
FIELDS: Final = "id,status,permalink_url,post_id"


async def uploaded(session: Session, graph: Graph, outgoing: Outgoing, edge: str) -> str:
    """The id of a video that Facebook has whole, by the upload that `edge` ("video_reels", "video_stories") begins."""
    media = outgoing.media[0]
    kept = outgoing.uploads.get(media, edge)
    if kept is not None and kept.taken is None:
        if await there(graph, kept.handle):
            return kept.handle
        await outgoing.uploads.forget(media, edge)
        kept = None
    offset = await _offset(graph, kept.handle, media) if kept is not None else None
    if kept is None or offset is None:
        video, offset = await _begun(session, graph, edge), 0
        await outgoing.uploads.keep(media, video, place=edge, taken=0, expires_at=clock.now() + HELD)
    else:
        video = kept.handle
    if offset < media.size:
        await _send(session, graph, video, media, offset)
    await outgoing.uploads.keep(media, video, place=edge, expires_at=clock.now() + HELD)
    return video


async def _begun(session: Session, graph: Graph, edge: str) -> str:
    body = await graph.post(f"{session.remote_id}/{edge}", write=False, upload_phase="start")
    return str(body["video_id"])


async def _send(session: Session, graph: Graph, video: str, media: Media, offset: int) -> None:
    content: Path | bytes = media.path if not offset else await asyncio.to_thread(_rest, media.path, offset)
    answer = await calls.send(
        graph.http,
        "POST",
        f"{session.urls['upload']}/{number(video)}",
        write=False,
        known=knows(ROWS, write=False),
        headers={
            "Authorization": f"OAuth {graph.token}",
            "offset": str(offset),
            "file_size": str(media.size),
            "Content-Type": "application/octet-stream",
        },
        content=content,
        timeout=PATIENCE,
    )
    body = object_of(answer, write=False)
    if not body.get("success"):
        raise RetryLater("not_itself", said=calls.words(answer))


def _rest(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read()


async def _offset(graph: Graph, video: str, media: Media) -> int | None:
    """How many bytes Facebook has of a broken upload, by its own count; None when it is begun anew."""
    try:
        phase = (await status(graph, video)).get("uploading_phase") or {}
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise
    taken = int(phase.get("bytes_transferred") or 0)
    return taken if media.size - taken <= REST or not taken else None


async def there(graph: Graph, video: str) -> bool:
    try:
        await status(graph, video)
    except Rejected as error:
        if error.reason == "not_there":
            return False
        raise
    return True


async def status(graph: Graph, video: str) -> Mapping[str, Any]:
    """{video_status, uploading_phase, processing_phase, publishing_phase} of a video."""
    found = (await graph.get(number(video), fields="status")).get("status")
    return found if isinstance(found, dict) else {}


def phase(told: Mapping[str, Any], name: str) -> str:
    """not_started, in_progress, complete or error."""
    return str((told.get(f"{name}_phase") or {}).get("status") or "not_started")


def refuse_broken(told: Mapping[str, Any]) -> None:
    """Raise Rejected("media") when Facebook could not work with the file."""
    for name in ("uploading", "processing", "publishing"):
        if phase(told, name) == "error":
            errors = (told.get(f"{name}_phase") or {}).get("errors") or [{}]
            raise Rejected("media", "processing_failed", said=str(errors[0].get("message") or ""))
    if told.get("video_status") == "error":
        raise Rejected("media", "processing_failed")
