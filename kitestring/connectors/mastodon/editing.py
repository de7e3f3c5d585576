"""Changing a post in place: its words, warning, language, and what its pictures are described as.

The server takes a call as the whole of what the post is to be (mastodon/mastodon, update_status_service.rb): files that are
not named again would be taken off it, so what is there is read first and sent back with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import regex

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import number, server
from kitestring.connectors.mastodon.drafting import check, wording


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The same post with other words. Raises Rejected("", "gone"), ("", "poll_stays").

    Descriptions are changed where `outgoing.media` has as many files as the post; who sees it cannot be changed.
    """
    place, path = server(session), f"/api/v1/statuses/{number(remote_id, 'gone')}"
    try:
        there = await place.read(path)
        source = await place.read(f"{path}/source")
        if there.get("poll"):
            raise Rejected("", "poll_stays")
        text = _still_addressed(str(source.get("text") or ""), there, wording(outgoing))
        kind = "reply" if there.get("in_reply_to_id") else outgoing.kind
        check(session, replace(outgoing, kind=kind, text=text, link="", media=(), options=_kept(outgoing)))
        status = await place.change("PUT", path, _body(there, source, outgoing, text))
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise
    return Published(remote_id, str(status.get("url") or there.get("url") or ""))


def _kept(outgoing: Outgoing) -> dict[str, str]:
    told = outgoing.options.get("content_warning", "")
    return {"content_warning": told} if told else {}


def _body(there: dict[str, Any], source: dict[str, Any], outgoing: Outgoing, text: str) -> dict[str, Any]:
    told = outgoing.options
    warning = told["content_warning"] if "content_warning" in told else str(source.get("spoiler_text") or "")
    body: dict[str, Any] = {
        "status": text,
        "spoiler_text": warning,
        "sensitive": bool(told["sensitive"]) if "sensitive" in told else bool(there.get("sensitive")),
    }
    language = outgoing.language.partition("-")[0].lower() or there.get("language")
    if language:
        body["language"] = language
    if quoting := told.get("quoting"):
        body["quote_approval_policy"] = quoting
    files = [str(one["id"]) for one in there.get("media_attachments") or []]
    if files:
        body["media_ids"] = files
    if files and len(files) == len(outgoing.media):
        body["media_attributes"] = [
            {"id": media_id, "description": media.alt}
            for media_id, media in zip(files, outgoing.media, strict=True)
        ]
    return body


def _still_addressed(before: str, there: dict[str, Any], text: str) -> str:
    """An answer keeps the names at its start: without them nobody is told of it."""
    names = regex.match(r"(?:@[\w.\-]+(?:@[\w.\-]+)?\s+)+", before)
    if not there.get("in_reply_to_id") or names is None or text.startswith("@"):
        return text
    return f"{names.group().strip()} {text}"
