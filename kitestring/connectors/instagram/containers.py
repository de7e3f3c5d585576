"""Containers: one for each file, one around those of a carousel. Nobody sees them, and they die after a day.

Source: developers.facebook.com/documentation/instagram-platform/content-publishing (page updated 2026-06-30)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.instagram.options import parameters
from kitestring.kit import clock
from kitestring.providers.meta.graph import Graph, number

LIVES: Final = timedelta(hours=23)  # of the documented day


async def make(session: Session, graph: Graph, outgoing: Outgoing) -> str:
    """The id of the container to publish. Parts of a carousel that an earlier try left there are used."""
    if len(outgoing.media) == 1:
        return await _made(
            session, graph, **of_file(outgoing.media[0], outgoing.kind), **parameters(outgoing)
        )
    parts = [await _part(session, graph, outgoing, place) for place in range(len(outgoing.media))]
    for part in parts:
        state, said = await status(graph, part)
        if state == "IN_PROGRESS":
            raise RetryLater("still_processing", after=10)
        if state == "ERROR":
            raise Rejected("media", "processing_failed", said=said)
    return await _made(session, graph, media_type="CAROUSEL", children=parts, **parameters(outgoing))


def of_file(media: Media, kind: str) -> dict[str, Any]:
    """How a file is named to Instagram: by the address it fetches it from."""
    video = media.mime.startswith("video/")
    told: dict[str, Any] = {"video_url" if video else "image_url": media.public_url}
    if kind == "story":
        return {**told, "media_type": "STORIES"}
    if video:
        return {**told, "media_type": "REELS"}
    return {**told, "alt_text": media.alt}


async def _part(session: Session, graph: Graph, outgoing: Outgoing, place: int) -> str:
    media, where = outgoing.media[place], f"part {place}"
    if kept := outgoing.uploads.get(media, where):
        state, _ = await status(graph, kept.handle)
        if state in ("FINISHED", "IN_PROGRESS"):
            return kept.handle
        await outgoing.uploads.forget(media, where)
    told = of_file(media, outgoing.kind)
    if media.mime.startswith("video/"):
        told["media_type"] = "VIDEO"
    container = await _made(session, graph, is_carousel_item=True, **told)
    await outgoing.uploads.keep(media, container, place=where, expires_at=clock.now() + LIVES)
    return container


async def _made(session: Session, graph: Graph, **form: Any) -> str:
    body = await graph.post(f"{session.remote_id}/media", write=False, **form)
    if not body.get("id"):
        raise shapes.odd(body)
    return str(body["id"])


async def status(graph: Graph, container: str) -> tuple[str, str]:
    """(EXPIRED, ERROR, FINISHED, IN_PROGRESS, PUBLISHED or GONE; what Instagram says of it)."""
    try:
        body = await graph.get(number(container), fields="status_code,status")
    except Rejected as error:
        if error.reason == "not_there":
            return "GONE", error.said
        raise
    if not body.get("status_code"):
        raise shapes.odd(body)
    return str(body["status_code"]), str(body.get("status") or "")


def left(body: Mapping[str, Any]) -> int | None:
    """How many posts may still be published in the day that runs; None when it is not told."""
    rows = body.get("data") or [body]
    row = rows[0] if rows and isinstance(rows[0], dict) else {}
    total = (row.get("config") or {}).get("quota_total")
    used = row.get("quota_usage")
    return int(total) - int(used) if isinstance(total, int) and isinstance(used, int) else None
