"""Deeds on what others wrote: a like, and, for the forum's staff, taking it away."""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discourse import ids
from kitestring.connectors.discourse.client import Forum, forum

LIKE: Final = 2  # site.json, post_action_types


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """Raises Rejected("", "gone") when it is not there, "like_stays" when the forum's time for taking it back is over."""
    there = forum(session)
    post = _post(comment_id)
    mine = _mine(await _read(there, post))
    if bool(mine.get("acted")) is liked:
        return
    if liked:
        await there.call(
            "POST", "/post_actions.json", write=True, json={"id": int(post), "post_action_type_id": LIKE}
        )
        return
    if mine.get("can_undo") is False:
        raise Rejected("", "like_stays")
    params = [("post_action_type_id", str(LIKE))]
    await there.call("DELETE", f"/post_actions/{post}.json", write=True, params=params)


async def remove(session: Session, comment_id: str) -> None:
    try:
        await forum(session).call("DELETE", f"/posts/{_post(comment_id)}.json", write=True)
    except Rejected as error:
        if error.reason != "not_there":
            raise


def _post(comment_id: str) -> str:
    _, post = ids.post_in(comment_id)
    if not post:
        raise Rejected("", "gone")
    return post


async def _read(there: Forum, post: str) -> dict[str, Any]:
    try:
        return await there.read(f"/posts/{post}.json")
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise


def _mine(post: dict[str, Any]) -> dict[str, Any]:
    deeds = post.get("actions_summary") or []
    return next((one for one in deeds if isinstance(one, dict) and one.get("id") == LIKE), {})
