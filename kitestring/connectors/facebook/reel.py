"""A reel: its bytes go up unseen, then one word lets Facebook process it and put it live.

Source: developers.facebook.com/docs/video-api/guides/reels-publishing
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.facebook import films
from kitestring.connectors.facebook.steps import GONE, State, absolute
from kitestring.providers.meta.graph import Graph, number

POLL: Final = 15.0


async def make(session: Session, graph: Graph, outgoing: Outgoing) -> dict[str, Any]:
    return {"video": await films.uploaded(session, graph, outgoing, "video_reels")}


async def state(session: Session, graph: Graph, done: dict[str, Any]) -> State:
    """Live, under way (handed over), or nothing but an upload."""
    try:
        body = await graph.get(number(done["video"]), fields=films.FIELDS)
    except Rejected as error:
        if error.reason == "not_there":
            return GONE
        raise
    told = shapes.told(body, "status")
    stands = films.phase(told, "publishing")
    if stands == "complete":
        return live(session, done["video"], body)
    films.refuse_broken(told)
    return None if stands == "not_started" else Processing(json.dumps(done), poll_after=POLL)


async def go_on(session: Session, graph: Graph, done: dict[str, Any], outgoing: Outgoing) -> Outcome:
    """Say the word once; after that, ask how far it is."""
    there = await state(session, graph, done)
    if there is GONE:
        raise Rejected("media", "file_lost")
    if there is not None:
        return there
    body = await graph.post(
        f"{session.remote_id}/video_reels",
        write=True,
        upload_phase="finish",
        video_id=done["video"],
        video_state="PUBLISHED",
        description=outgoing.text.strip(),
        title=outgoing.title,
    )
    if not body.get("success"):
        raise Ambiguous("not_itself", said=str(body)[:200])
    return Processing(json.dumps(done), poll_after=POLL)


def live(session: Session, video: str, body: dict[str, Any]) -> Published:
    """Comments and numbers are asked of the post; a video that names none stands for itself."""
    post = str(body.get("post_id") or "")
    remote_id = f"{session.remote_id}_{post}" if post and "_" not in post else post or video
    return Published(remote_id, absolute(session, str(body.get("permalink_url") or "")))
