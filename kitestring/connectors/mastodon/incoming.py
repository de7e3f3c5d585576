"""A status as somebody's message: its plain words without the names that only address it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

import regex

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.contract import Incoming, Session

# What stands for a post without words, the same in every language.
SIGNS: Final = {"image": "📷", "video": "🎞️", "gifv": "🎞️", "audio": "🎵", "unknown": "📎"}


def at_of(status: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(status["created_at"]))


def is_private(status: dict[str, Any]) -> bool:
    return status.get("visibility") == "direct"


def is_ours(session: Session, status: dict[str, Any]) -> bool:
    return str((status.get("account") or {}).get("id")) == session.settings.get("account_id")


def message_of(
    session: Session,
    status: dict[str, Any],
    kind: Literal["comment", "mention", "message"],
    *,
    post: str = "",
    thread: str = "",
) -> Incoming:
    author = status.get("account") or {}
    acct = str(author.get("acct", ""))
    return Incoming(
        remote_id=str(status["id"]),
        post_remote_id=post,
        author_id=str(author.get("id")),
        author_name=str(author.get("display_name") or acct),
        author_handle=f"@{acct}",
        author_avatar_url=str(author.get("avatar") or ""),
        text=words(status),
        at=at_of(status),
        parent_id=str(status.get("in_reply_to_id") or ""),
        url=str(status.get("url") or ""),
        own=is_ours(session, status),
        kind=kind,
        thread=thread,
    )


def words(status: dict[str, Any]) -> str:
    """The text without the names at its start that only address it; under its warning, where it has one."""
    text = to_text(str(status.get("content", "")))
    names = {str(one.get("acct", "")).partition("@")[0].lower() for one in status.get("mentions") or []}
    while match := regex.match(r"@([\w.\-]+)(?:@[\w.\-]+)?(?:\s+|$)", text):
        if match.group(1).lower() not in names:
            break
        text = text[match.end() :]
    warning = str(status.get("spoiler_text") or "").strip()
    files = [SIGNS.get(str(one.get("type")), "📎") for one in status.get("media_attachments") or []]
    said = text.strip() or "".join(files) or ("📊" if status.get("poll") else "")
    return f"{warning}\n\n{said}".strip() if warning else said
