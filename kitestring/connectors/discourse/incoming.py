"""A forum's post as a message of a person: the same for what was asked for and for what a webhook brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.contract import Incoming

REGULAR: Final = 1  # post_types: 2 a moderator's act, 3 a small action, 4 a whisper among staff


@dataclass(frozen=True)
class Reader:
    """Who reads, and where: the account's name on the forum, and its address ("" where it is not known)."""

    username: str
    base: str = ""


def message_of(
    post: Mapping[str, Any], reader: Reader, kind: Literal["comment", "mention", "message"], parent: str = ""
) -> Incoming | None:
    """None for what is no person's post, and for what cannot be read."""
    try:
        topic, number, post_number = int(post["topic_id"]), int(post["id"]), int(post["post_number"])
        at = datetime.fromisoformat(str(post["created_at"]).replace("Z", "+00:00"))
        user, username = int(post["user_id"]), str(post["username"])
    except (KeyError, TypeError, ValueError):
        return None
    if int(post.get("post_type") or REGULAR) != REGULAR or at.tzinfo is None:
        return None
    return Incoming(
        remote_id=f"{topic}/{number}",
        post_remote_id="" if kind == "message" else str(topic),
        author_id=str(user),
        author_name=str(post.get("name") or username),
        author_handle=f"@{username}",
        text=to_text(str(post.get("cooked") or "")),
        at=at,
        parent_id=parent,
        url=f"{reader.base}/t/{post.get('topic_slug') or '-'}/{topic}/{post_number}" if reader.base else "",
        own=username.casefold() == reader.username.casefold(),
        hidden=bool(post.get("hidden")),
        kind=kind,
        thread=str(topic) if kind == "message" else "",
    )
