"""A story: a picture or video goes up unseen, then is shown for a day."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.contract import Outcome, Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.facebook import films
from kitestring.connectors.facebook.feed import HELD, upload
from kitestring.connectors.facebook.steps import GONE, State
from kitestring.kit import clock
from kitestring.providers.meta.graph import Graph, number

PLACE = "story"
FIELDS = "post_id,media_id,status,url"


async def make(session: Session, graph: Graph, outgoing: Outgoing) -> dict[str, Any]:
    media = outgoing.media[0]
    if media.mime.startswith("video/"):
        return {"video": await films.uploaded(session, graph, outgoing, "video_stories")}
    kept = outgoing.uploads.get(media, PLACE)
    if kept and await _there(graph, kept.handle):
        return {"photo": kept.handle}
    photo = await upload(session, graph, media, temporary=False)
    await outgoing.uploads.keep(media, photo, place=PLACE, expires_at=clock.now() + HELD)
    return {"photo": photo}


async def _there(graph: Graph, object_id: str) -> bool:
    try:
        await graph.get(number(object_id), fields="id")
    except Rejected as error:
        if error.reason == "not_there":
            return False
        raise
    return True


async def state(session: Session, graph: Graph, done: dict[str, Any]) -> State:
    """Among the stories, by the picture or video: it was sent up for this delivery and for no other."""
    media = str(done.get("photo") or done.get("video"))
    async for rows in graph.pages(f"{session.remote_id}/stories", most=3, fields=FIELDS, limit=50):
        for row in rows:
            if str(row.get("media_id")) == media:
                return Published(str(row["post_id"]), str(row.get("url") or ""))
    return None if await _there(graph, media) else GONE


async def go_on(session: Session, graph: Graph, done: dict[str, Any], outgoing: Outgoing) -> Outcome:
    """Show it. A picture or video that Facebook cleared away is told as such: nothing is live."""
    page = session.remote_id
    try:
        if "photo" in done:
            body = await graph.post(f"{page}/photo_stories", write=True, photo_id=done["photo"])
        else:
            films.refuse_broken(await films.status(graph, done["video"]))
            body = await graph.post(
                f"{page}/video_stories", write=True, upload_phase="finish", video_id=done["video"]
            )
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("media", "file_lost", said=error.said) from error
        raise
    if not body.get("post_id"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return Published(str(body["post_id"]))
