"""The file on its way up: private, so that nobody sees it, in pieces, gone on with where it broke; and its own thumbnail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Media, Outgoing, Session
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectors.youtube.client import one, uploads
from kitestring.connectors.youtube.wording import PARTS, resource
from kitestring.kit import clock
from kitestring.providers.google import resumable
from kitestring.providers.google.api import Api

SESSION: Final = timedelta(days=1)  # ours: how long a session is asked for how far it is
STILL: Final = 3  # pieces without a byte more, after which we come again later


async def uploaded(session: Session, outgoing: Outgoing) -> str:
    """The id of the private video that YouTube has whole. Raises RetryLater where the upload stopped in the middle."""
    media = outgoing.media[0]
    kept = outgoing.uploads.get(media, "video")
    if kept is not None and kept.taken is None:
        if await one(session, kept.handle, "status") is not None:
            return kept.handle
        await outgoing.uploads.forget(media, "video")
        kept = None
    api = uploads(session)
    at = resumable.Stand(lost=True)
    address = kept.handle if kept is not None else ""
    if address:
        at = await resumable.stand(api, address, media)
    if at.lost:
        address, at = await _begun(api, outgoing, media), resumable.Stand()
        await outgoing.uploads.keep(media, address, place="video", taken=0, expires_at=_over())
    made = await _through(api, outgoing, media, address, at)
    await outgoing.uploads.keep(media, str(made["id"]), place="video", stays=True)
    return str(made["id"])


async def _begun(api: Api, outgoing: Outgoing, media: Media) -> str:
    silent = "false" if outgoing.options.get("quiet") else ""
    body = resource(outgoing, unseen=True)
    return await resumable.begin(api, "videos", media, body, part=PARTS, notifySubscribers=silent)


async def _through(
    api: Api, outgoing: Outgoing, media: Media, address: str, at: resumable.Stand
) -> Mapping[str, Any]:
    """Piece after piece from where YouTube says it is."""
    still = 0
    while at.done is None:
        before = at.taken
        at = await resumable.piece(api, address, media, before)
        if at.lost:
            await outgoing.uploads.forget(media, "video")
            raise RetryLater("file_lost")
        if at.done is None:
            still = still + 1 if at.taken <= before else 0
            if still == STILL:
                raise RetryLater("not_itself")
            await outgoing.uploads.keep(media, address, place="video", taken=at.taken, expires_at=_over())
    return at.done


def _over() -> Any:
    return clock.now() + SESSION


async def cover(session: Session, outgoing: Outgoing, video: str) -> None:
    """Show our still of the video as its thumbnail, where that is asked for. Raises Rejected("options.own_cover")."""
    media = outgoing.media[0]
    if not outgoing.options.get("own_cover") or media.cover is None:
        return
    kept = outgoing.uploads.get(media, "cover")
    if kept is not None and kept.handle == video:
        return
    api = uploads(session)
    try:
        answer = await api.send(
            "POST",
            f"{api.base}/thumbnails/set",
            write=False,
            params={"videoId": video, "uploadType": "media"},
            headers={"Content-Type": "image/jpeg"},
            content=media.cover,
            timeout=resumable.PATIENCE,
        )
    except Rejected as error:
        if error.reason in ("refused", "scope_missing"):
            raise Rejected("options.own_cover", "cover_refused", said=error.said) from error
        raise
    if not answer.ok:
        raise RetryLater("not_itself")
    await outgoing.uploads.keep(media, video, place="cover")
