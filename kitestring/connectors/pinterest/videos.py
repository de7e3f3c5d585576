"""Videos: registered, sent to the storage Pinterest names, processed there, and then shown by a pin.

Source: github.com/pinterest/api-description, v5/openapi.json 5.23.0, POST /media, GET /media/{media_id}
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.pinterest.client import api
from kitestring.kit.http import Part

PLACE: Final = "video"
UPLOADING: Final = 300.0  # seconds; a video is no small call
ENDINGS: Final = {"video/mp4": "mp4", "video/quicktime": "mov"}


def has_video(outgoing: Outgoing) -> bool:
    return any(media.mime.startswith("video/") for media in outgoing.media)


def handle(media_id: str, alt: str) -> str:
    """What must still be known when the video is ready and the files are not at hand."""
    return json.dumps({"media": media_id, "alt": alt}, ensure_ascii=False)


def from_handle(text: str) -> tuple[str, str]:
    """(media id, alt text)."""
    kept = json.loads(text)
    return str(kept["media"]), str(kept["alt"])


def source(media_id: str, outgoing: Outgoing) -> dict[str, Any]:
    """The media_source of a video, its cover the picture at the second that was chosen."""
    second = int(outgoing.options.get("cover_second") or 0)
    return {"source_type": "video_id", "media_id": media_id, "cover_image_key_frame_time": second}


async def ready(session: Session, media_id: str) -> bool:
    """Whether it is processed. Raises Rejected("media", "processing_failed"), Rejected("", "not_there")."""
    found = await api(session).read(f"media/{media_id}")
    if found.get("status") == "failed":
        raise Rejected("media", "processing_failed", said=str(found)[:200])
    return found.get("status") == "succeeded"


async def uploaded(session: Session, outgoing: Outgoing) -> tuple[str, bool]:
    """(media id, whether it is processed). What an earlier try left there is used while Pinterest knows it."""
    media = outgoing.media[0]
    if kept := outgoing.uploads.get(media, PLACE):
        try:
            return kept.handle, await ready(session, kept.handle)
        except Rejected as error:
            await outgoing.uploads.forget(media, PLACE)
            if error.reason != "not_there":
                raise
    media_id = await _upload(session, media)
    await outgoing.uploads.keep(media, media_id, place=PLACE)
    return media_id, await ready(session, media_id)


async def _upload(session: Session, media: Media) -> str:
    """Register and send. Nothing of it shows anywhere, so trouble is only "later"."""
    told = await api(session).call("POST", "media", json={"media_type": "video"})
    try:
        media_id, url = str(told["media_id"]), str(told["upload_url"])
        fields = [Part(str(key), str(value)) for key, value in told["upload_parameters"].items()]
    except (KeyError, TypeError, AttributeError) as error:
        raise RetryLater("not_itself", said=str(told)[:200]) from error
    name = f"{media.sha256[:12]}.{ENDINGS.get(media.mime, 'mp4')}"
    parts = [*fields, Part("file", media.path, name, media.mime)]  # the storage reads nothing behind the file
    answer = await calls.send(session.http, "POST", url, write=False, parts=parts, timeout=UPLOADING)
    if answer.ok:
        return media_id
    if answer.status == 413 or "EntityTooLarge" in answer.text():
        raise Rejected("media", "refused", said=calls.words(answer))
    raise RetryLater("not_itself", said=calls.words(answer))
