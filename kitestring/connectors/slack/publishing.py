"""Publishing on Slack. The delivery's key travels in the message's metadata, or in the names of its files, and is read back.

Files go up first, seen by nobody; `files.completeUploadExternal` then shares them with the words, and Slack does that in its
own time: the message is live when it stands in the channel's history, which `follow` asks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.slack import places, reading
from kitestring.connectors.slack.client import MANIFEST, workspace

PAGES: Final = 10  # pages of 200 messages that a look reads back
SLACK: Final = timedelta(minutes=1)
POLL: Final = 3.0
ENDINGS: Final = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "video/mp4": "mp4",
    "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and words too long with their link."""
    text = wording(outgoing)
    check_outgoing(MANIFEST, outgoing if text == outgoing.text else replace(outgoing, text=text))
    if outgoing.kind in ("reply", "message"):
        try:
            places.place_of(session, outgoing.reply_to)
        except Rejected:
            raise Rejected("reply_to", "comment_gone") from None


def wording(outgoing: Outgoing) -> str:
    """The text with its link at the end, unless it is in there already."""
    text = outgoing.text.strip()
    if outgoing.link and not any(span.text == outgoing.link for span in links(text, any_host=True)):
        return f"{text}\n\n{outgoing.link}".strip()
    return text


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Send it once. With files: Processing until the message shows in the channel."""
    check(session, outgoing)
    if outgoing.media:
        return await _with_files(session, outgoing)
    channel, root = _where(session, outgoing)
    asked = {"channel": channel, "text": places.escaped(wording(outgoing)), "metadata": _metadata(outgoing)}
    if root:
        asked["thread_ts"] = root
    if outgoing.options.get("no_preview") == "yes":
        asked |= {"unfurl_links": "false", "unfurl_media": "false"}
    private = outgoing.kind == "message"
    told = await workspace(session).call("chat.postMessage", write=True, posting=not private, **asked)
    return _published(session, str(told.get("channel") or channel), told, root)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """The message that carries our key; None when none since the post was made does.

    Raises Ambiguous("look_up_unclear") when more was written since than a look reads.
    """
    channel, root = _where(session, outgoing)
    oldest = places.ts_of(outgoing.stamp - SLACK)
    if root:
        pages = reading.thread(session, channel, root, oldest, PAGES)
    else:
        pages = reading.history(session, channel, oldest, PAGES)
    async for page in pages:
        for message in page:
            if reading.ours(session, message) and _carries(message, outgoing):
                return _published(session, channel, message, root)
    return None


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Whether the shared files show yet."""
    return await look_up(session, outgoing) or Processing(outgoing.handle, poll_after=POLL)


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the message and the files it brought; what is gone already is fine."""
    channel, ts = places.place_of(session, remote_id)
    there = await _seen(session, channel, ts)
    try:
        await workspace(session).call("chat.delete", channel=channel, ts=ts)
    except Rejected as error:
        if error.reason != "not_there":
            raise
    for file in there.get("files") or ():
        if places.key_in(str(file.get("name", ""))):
            await _delete_file(session, str(file["id"]))


async def _seen(session: Session, channel: str, ts: str) -> dict[str, Any]:
    """The message, for the files it brought; a bot that may not read takes it back all the same."""
    try:
        return await reading.single(session, channel, ts) or {}
    except Rejected:
        return {}


async def _delete_file(session: Session, file_id: str) -> None:
    try:
        await workspace(session).call("files.delete", file=file_id)
    except Rejected as error:
        if error.reason not in ("file_lost", "scope_missing"):
            raise


def _where(session: Session, outgoing: Outgoing) -> tuple[str, str]:
    """(conversation, thread): an answer goes into the thread of the post, a private one into its talk.

    Threads are flat: `thread_ts` is always the post's, never an answer's (docs.slack.dev, chat.postMessage).
    """
    if outgoing.kind == "message":
        return outgoing.root or places.place_of(session, outgoing.reply_to)[0], ""
    if outgoing.kind == "reply":
        return places.place_of(session, outgoing.root or outgoing.reply_to)
    return places.home(session), ""


def _metadata(outgoing: Outgoing) -> str:
    told = {"key": str(outgoing.key)}
    if outgoing.kind == "reply":
        told["answers"] = outgoing.reply_to
    return json.dumps({"event_type": reading.EVENT, "event_payload": told})


def _carries(message: Mapping[str, Any], outgoing: Outgoing) -> bool:
    if reading.payload(message).get("key") == str(outgoing.key):
        return True
    names = [str(file.get("name", "")) for file in message.get("files") or ()]
    return any(places.key_in(name) == outgoing.key.hex for name in names)


async def _with_files(session: Session, outgoing: Outgoing) -> Processing:
    """Upload what is not there yet, then share all at once. What Slack lost meanwhile goes up anew, within this try."""
    try:
        files = await _share(session, outgoing)
    except Rejected as error:
        if error.reason != "file_lost":
            raise
        for place, media in enumerate(outgoing.media):
            await outgoing.uploads.forget(media, str(place))
        files = await _share(session, outgoing)
    return Processing(json.dumps({"files": files}, separators=(",", ":")), poll_after=POLL)


async def _share(session: Session, outgoing: Outgoing) -> list[str]:
    files = [await _uploaded(session, outgoing, place) for place in range(len(outgoing.media))]
    titles = [media.alt or str(place + 1) for place, media in enumerate(outgoing.media)]
    asked = {
        "files": json.dumps([{"id": one, "title": title} for one, title in zip(files, titles, strict=True)]),
        "channel_id": places.home(session),
    }
    if text := wording(outgoing):
        asked["initial_comment"] = places.escaped(text)
    await workspace(session).call("files.completeUploadExternal", write=True, posting=True, **asked)
    return files


async def _uploaded(session: Session, outgoing: Outgoing, place: int) -> str:
    media, where = outgoing.media[place], str(place)
    if kept := outgoing.uploads.get(media, where):
        return kept.handle
    name = places.named(outgoing.key, place, ENDINGS.get(media.mime, "bin"))
    file_id = await workspace(session).upload(media, name)
    await outgoing.uploads.keep(media, file_id, place=where)
    return file_id


def _published(session: Session, channel: str, told: Mapping[str, Any], root: str) -> Published:
    ts = str(told.get("ts") or "")
    if not ts:
        raise Ambiguous("not_itself", said=str(told)[:200])
    return Published(places.called(session, channel, ts), places.address(session, channel, ts, root))
