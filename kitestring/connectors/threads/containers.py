"""Containers: what is to be posted, seen by nobody, dead after a day. Parts of a carousel have one each.

Source: developers.facebook.com/documentation/threads/posts (page updated 2026-04-14), .../troubleshooting (2025-07-14)
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Media, Outgoing
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.threads.wording import attached, topic, wording
from kitestring.kit import clock
from kitestring.providers.meta.graph import Graph, number

LIVES: Final = timedelta(hours=23)  # of the documented day


async def make(graph: Graph, outgoing: Outgoing) -> str:
    """The id of the container to publish. Parts of a carousel that an earlier try left there are used."""
    told = _told(outgoing)
    if not outgoing.media:
        return await _made(graph, media_type="TEXT", link_attachment=attached(outgoing), **told)
    if len(outgoing.media) == 1:
        return await _made(graph, **_of_file(outgoing.media[0]), **told)
    parts = [await _part(graph, outgoing, place) for place in range(len(outgoing.media))]
    for part in parts:
        state, said = await status(graph, part)
        if state == "IN_PROGRESS":
            raise RetryLater("still_processing", after=10)
        if state == "ERROR":
            raise Rejected("media", "processing_failed", said=said)
    return await _made(graph, media_type="CAROUSEL", children=",".join(parts), **told)


def _told(outgoing: Outgoing) -> dict[str, Any]:
    told: dict[str, Any] = {"text": wording(outgoing)}
    if outgoing.kind == "reply":
        return {**told, "reply_to_id": number(outgoing.reply_to)}
    if outgoing.media and outgoing.options.get("spoiler") == "yes":
        told["is_spoiler_media"] = True
    return {**told, "topic_tag": topic(outgoing), "reply_control": outgoing.options.get("reply_control", "")}


def _of_file(media: Media) -> dict[str, Any]:
    video = media.mime.startswith("video/")
    return {
        "media_type": "VIDEO" if video else "IMAGE",
        "video_url" if video else "image_url": media.public_url,
        "alt_text": media.alt,
    }


async def _part(graph: Graph, outgoing: Outgoing, place: int) -> str:
    media, where = outgoing.media[place], f"part {place}"
    if kept := outgoing.uploads.get(media, where):
        state, _ = await status(graph, kept.handle)
        if state in ("FINISHED", "IN_PROGRESS"):
            return kept.handle
        await outgoing.uploads.forget(media, where)
    container = await _made(graph, is_carousel_item=True, **_of_file(media))
    await outgoing.uploads.keep(media, container, place=where, expires_at=clock.now() + LIVES)
    return container


async def _made(graph: Graph, **form: Any) -> str:
    body = await graph.post("me/threads", write=False, **form)
    if not body.get("id"):
        raise shapes.odd(body)
    return str(body["id"])


async def status(graph: Graph, container: str) -> tuple[str, str]:
    """(EXPIRED, ERROR, FINISHED, IN_PROGRESS, PUBLISHED or GONE; what Threads says of it)."""
    try:
        body = await graph.get(number(container), fields="id,status,error_message")
    except Rejected as error:
        if error.reason == "not_there":
            return "GONE", error.said
        raise
    if not body.get("status"):
        raise shapes.odd(body)
    return str(body["status"]), str(body.get("error_message") or "")
