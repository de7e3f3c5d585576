"""A video on the Page's timeline: uploaded unpublished, processed, then published by its id.

Source: developers.facebook.com/docs/video-api/guides/publishing (one call up to 1 GB); parameters: Page, edge videos, and AdVideo
of facebook-business-sdk-codegen.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected, RetryLater
from kitestring.connectors.facebook import films
from kitestring.connectors.facebook.reel import live
from kitestring.connectors.facebook.steps import GONE, State
from kitestring.kit.http import Part
from kitestring.providers.meta.graph import Graph, number

POLL: Final = 15.0
FIELDS: Final = f"{films.FIELDS},published"


async def make(session: Session, graph: Graph, outgoing: Outgoing) -> dict[str, Any]:
    """The unpublished video's id; its words go with it."""
    media = outgoing.media[0]
    if (kept := outgoing.uploads.get(media, "video")) and await films.there(graph, kept.handle):
        return {"video": kept.handle}
    body = await graph.post(
        f"{session.remote_id}/videos",
        write=False,
        parts=[Part("source", media.path, "video.mp4", media.mime)],
        published=False,
        description=outgoing.text.strip(),
        title=outgoing.title,
        sponsor_id=outgoing.options.get("sponsor_id", "").strip(),
    )
    if not body.get("id"):
        raise RetryLater("not_itself", said=str(body)[:200])
    await outgoing.uploads.keep(media, str(body["id"]), place="video", stays=True)
    return {"video": str(body["id"])}


async def state(session: Session, graph: Graph, done: dict[str, Any]) -> State:
    try:
        body = await graph.get(number(done["video"]), fields=FIELDS)
    except Rejected as error:
        if error.reason == "not_there":
            return GONE
        raise
    if not isinstance(body.get("published"), bool):
        raise shapes.odd(body)
    if body["published"]:
        return live(session, done["video"], body)
    films.refuse_broken(body.get("status") or {})
    return None


async def go_on(session: Session, graph: Graph, done: dict[str, Any], outgoing: Outgoing) -> Outcome:
    """Publish it as soon as it is processed. It is one known video: said twice it stays one."""
    there = await state(session, graph, done)
    if there is GONE:
        raise Rejected("media", "file_lost")
    if there is not None:
        return there
    if (await films.status(graph, done["video"])).get("video_status") != "ready":
        return Processing(json.dumps(done), poll_after=POLL, handed_over=False)
    body = await graph.post(number(done["video"]), write=True, published=True)
    if not body.get("success"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return live(session, done["video"], await graph.get(number(done["video"]), fields=FIELDS))
