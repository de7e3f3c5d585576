"""Our comments: under a video, under somebody's comment. After a lost answer they are found by their words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.youtube.client import comment_address, data, is_video
from kitestring.connectors.youtube.moments import moment

BEFORE: Final = timedelta(minutes=1)  # their clock and ours
PAGES: Final = 5


def thread_of(comment: str) -> str:
    """Answers hang on the comment at the top; an answer's id begins with that comment's."""
    return comment.partition(".")[0]


async def send(session: Session, outgoing: Outgoing) -> Published:
    """Comment once. Raises Rejected("reply_to", "deleted") when what is answered is gone."""
    words = {"textOriginal": outgoing.text}
    try:
        if is_video(outgoing.reply_to):
            body: dict[str, Any] = {"videoId": outgoing.reply_to, "topLevelComment": {"snippet": words}}
            made = await data(session).write("POST", "commentThreads", {"snippet": body}, part="snippet")
        else:
            body = {"parentId": thread_of(outgoing.reply_to), **words}
            made = await data(session).write("POST", "comments", {"snippet": body}, part="snippet")
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("reply_to", "deleted", said=error.said) from error
        raise
    if not made.get("id"):
        raise Ambiguous("not_itself", said=str(made)[:200])
    return _published(session, outgoing, str(made["id"]))


async def find(session: Session, outgoing: Outgoing) -> Published | None:
    """Our comment with these words since the duty was made. Raises Ambiguous where there are several."""
    found: dict[str, None] = {}
    try:
        async for row in _own(session, outgoing):
            found[str(row["id"])] = None
    except Rejected as error:
        if error.reason == "not_there":
            return None
        raise
    if len(found) > 1:
        raise Ambiguous("several_alike")
    return _published(session, outgoing, next(iter(found))) if found else None


async def _own(session: Session, outgoing: Outgoing) -> Any:
    api, under_video = data(session), is_video(outgoing.reply_to)
    path, about = ("commentThreads", "videoId") if under_video else ("comments", "parentId")
    more = {"order": "time"} if under_video else {}
    target = outgoing.reply_to if under_video else thread_of(outgoing.reply_to)
    pages = api.pages(
        path, most=PAGES, part="snippet", maxResults="100", textFormat="plainText", **{about: target}, **more
    )
    async for rows in pages:
        comments = [row["snippet"]["topLevelComment"] if under_video else row for row in rows]
        for comment in comments:
            if _is_it(session, outgoing, comment):
                yield comment
        if under_video and comments and moment(comments[-1]["snippet"]) < outgoing.stamp - BEFORE:
            return


def _is_it(session: Session, outgoing: Outgoing, comment: Mapping[str, Any]) -> bool:
    snippet = comment.get("snippet") or {}
    author = (snippet.get("authorChannelId") or {}).get("value")
    words = snippet.get("textOriginal") or snippet.get("textDisplay")
    since = outgoing.stamp - BEFORE
    return author == session.remote_id and words == outgoing.text and moment(snippet) >= since


def _published(session: Session, outgoing: Outgoing, comment: str) -> Published:
    video = outgoing.root or (outgoing.reply_to if is_video(outgoing.reply_to) else "")
    return Published(comment, comment_address(session, video, comment) if video else "")
