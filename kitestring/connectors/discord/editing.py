"""Changing the words of a message that is live: its files stay, and so does the picture of an embed."""

from __future__ import annotations

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.discord import ids, messages, publishing
from kitestring.connectors.discord.client import caller, hook_path, is_webhook


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """Raises Rejected("", "not_there") when it is gone, Rejected("media") when other files are wanted: they cannot be changed."""
    publishing.check(session, outgoing)
    if outgoing.media:
        raise Rejected("media", "files_stay")
    channel, message = ids.place_of(session, remote_id)
    path = f"{hook_path(session) if is_webhook(session) else f'/channels/{channel}'}/messages/{message}"
    params = messages.thread(session) if is_webhook(session) else []
    picture = ""
    if outgoing.kind == "embed":
        there = await caller(session).read(path, params)
        picture = next((str(file["filename"]) for file in there.get("attachments") or ()), "")
    changed = {**messages.words(outgoing, picture), "allowed_mentions": messages.calling(outgoing)}
    answer = await caller(session).call("PATCH", path, write=True, params=params, json=changed)
    found = calls.json_of(answer, write=True)
    return Published(remote_id, ids.address(session, str(found.get("channel_id") or channel), message))
