"""What came in: comments under the videos and the answers to them, also those that wait for approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.youtube.client import comment_address, data
from kitestring.connectors.youtube.comments import thread_of
from kitestring.connectors.youtube.moments import Read, moment
from kitestring.providers.google.api import Api

PAGES: Final = 5  # of 100 threads each, the newest first
QUIET: Final = ("not_there", "comments_off")


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Comments under `posts` since the cursor. An older thread is opened again when its number of answers changed."""
    api, read = data(session), Read(cursor)
    found: dict[str, Incoming] = {}
    for post in posts:
        try:
            rows = await _under(session, api, post, read)
        except Rejected as error:
            if error.reason not in QUIET:
                raise
            rows = []
        found |= {message.remote_id: message for message in rows}
    if posts:
        found |= {message.remote_id: message for message in await _held(session, api, set(posts))}
    messages = sorted(found.values(), key=lambda message: message.at)
    return IncomingPage(messages, read.cursor())


async def _under(session: Session, api: Api, video: str, read: Read) -> list[Incoming]:
    since, found = read.since(video), []
    async for threads in api.pages(
        "commentThreads",
        most=PAGES,
        part="snippet,replies",
        videoId=video,
        order="time",
        textFormat="plainText",
        maxResults="100",
    ):
        for thread in shapes.sound(threads, "id", "snippet.topLevelComment.snippet"):
            snippet = thread["snippet"]
            found.append(message(session, video, snippet["topLevelComment"], snippet))
            if read.has_more(str(thread["id"]), int(snippet.get("totalReplyCount") or 0)):
                below = await _answers(api, thread)
                found += shapes.each(below, partial(message, session, video, thread=snippet))
    fresh = [one for one in found if one.at >= since]
    read.reached(video, (one.at for one in fresh))
    return fresh


async def _answers(api: Api, thread: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All answers in a thread; the list of threads brings only some of them."""
    inline = (thread.get("replies") or {}).get("comments") or []
    if len(inline) >= int(thread["snippet"].get("totalReplyCount") or 0):
        return list(inline)
    pages = api.pages(
        "comments", part="snippet", parentId=str(thread["id"]), textFormat="plainText", maxResults="100"
    )
    return [row async for rows in pages for row in rows]


async def _held(session: Session, api: Api, posts: set[str]) -> list[Incoming]:
    """What waits for approval under our posts: one question for the whole channel."""
    body = await api.read(
        "commentThreads",
        part="snippet",
        allThreadsRelatedToChannelId=session.remote_id,
        moderationStatus="heldForReview",
        textFormat="plainText",
        maxResults="100",
    )
    return [
        message(session, str(row["snippet"]["videoId"]), row["snippet"]["topLevelComment"], row["snippet"], held=True)
        for row in shapes.sound(body.get("items") or [], "snippet.topLevelComment.snippet", "snippet.videoId")
        if row["snippet"].get("videoId") in posts
    ]  # fmt: skip


def message(
    session: Session,
    video: str,
    comment: Mapping[str, Any],
    thread: Mapping[str, Any],
    *,
    held: bool = False,
) -> Incoming:
    """A comment as the engine knows one. Plain text was asked for."""
    snippet, comment_id = comment["snippet"], str(comment["id"])
    author = str((snippet.get("authorChannelId") or {}).get("value") or "unknown")
    parent = thread_of(comment_id)
    return Incoming(
        remote_id=comment_id,
        post_remote_id=video,
        author_id=author,
        author_name=str(snippet.get("authorDisplayName") or "?"),
        text=str(snippet.get("textDisplay") or snippet.get("textOriginal") or ""),
        at=moment(snippet),
        author_avatar_url=str(snippet.get("authorProfileImageUrl") or ""),
        parent_id=parent if parent != comment_id else "",
        url=comment_address(session, video, comment_id),
        own=author == session.remote_id,
        awaits_moderation=held,
        can_reply=bool(thread.get("canReply", True)),
    )
