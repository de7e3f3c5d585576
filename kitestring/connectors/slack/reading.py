"""Reads conversations page by page: a channel's messages, a thread, a private talk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.slack.client import workspace

PAGE: Final = "200"
EVENT: Final = "kitestring_post"  # the type of our metadata, by which a message of ours is known


async def history(
    session: Session, channel: str, oldest: str, pages: int, **more: str
) -> AsyncIterator[list[dict[str, Any]]]:
    """Pages of a channel's messages (answers in threads are not among them), the newest first."""
    async for page in _paged(session, "conversations.history", pages, channel=channel, oldest=oldest, **more):
        yield page


async def thread(
    session: Session, channel: str, root: str, oldest: str, pages: int
) -> AsyncIterator[list[dict[str, Any]]]:
    """Pages of a thread's answers, the oldest first; none where the post is gone."""
    try:
        told = _paged(session, "conversations.replies", pages, channel=channel, ts=root, oldest=oldest)
        async for page in told:
            yield [one for one in page if str(one.get("ts")) != root]
    except Rejected as error:
        if error.reason != "comment_gone":
            raise


async def single(session: Session, channel: str, ts: str) -> dict[str, Any] | None:
    """One message of a channel; None when it is not there."""
    asked = {"latest": ts, "oldest": ts, "inclusive": "true", "limit": "1"}
    page = await workspace(session).read("conversations.history", channel=channel, **asked)
    return next((dict(one) for one in shapes.rows(page, "messages") if str(one.get("ts")) == ts), None)


async def _paged(
    session: Session, method: str, pages: int, **params: str
) -> AsyncIterator[list[dict[str, Any]]]:
    """Ends where Slack gives no further cursor. Raises Ambiguous where there are more than `pages`."""
    cursor: dict[str, str] = {}
    for _page in range(pages):
        told = await workspace(session).read(
            method, limit=PAGE, include_all_metadata="true", **params, **cursor
        )
        yield [dict(one) for one in shapes.rows(told, "messages")]
        following = str((told.get("response_metadata") or {}).get("next_cursor") or "")
        if not following:
            return
        cursor = {"cursor": following}
    raise Ambiguous("look_up_unclear")


def payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """What we wrote into a message's metadata; empty where it is not of ours."""
    metadata = message.get("metadata") or {}
    found = metadata.get("event_payload") if metadata.get("event_type") == EVENT else None
    return found if isinstance(found, Mapping) else {}


def ours(session: Session, message: Mapping[str, Any]) -> bool:
    """Whether the bot wrote it."""
    settings = session.settings
    by_bot = bool(settings.get("bot_id")) and message.get("bot_id") == settings.get("bot_id")
    return by_bot or message.get("user") == settings.get("user_id")
