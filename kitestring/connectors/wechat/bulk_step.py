"""Mass sends that are no article: words, pictures, a video. They have no draft whose going would tell that they went out.

So the moment of the first step is stored before anything is sent, and after a lost answer the very same send is offered
again under the same key (`clientmsgid`): WeChat sends it, or names the message that went out before (45065). It keeps a key
for 24 hours; when they are nearly over nobody can tell any more, and a person is asked.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.wechat import drafts, materials, send_step
from kitestring.connectors.wechat.client import MANIFEST, App
from kitestring.connectors.wechat.ids import Article
from kitestring.kit import clock

KEY = send_step.KEY
KINDS: Final = frozenset({"text_send", "image_send", "video_send"})
PLACE: Final = "lasting"


def check(outgoing: Outgoing) -> None:
    """Refuse words that are too long once their link stands below them."""
    limit = MANIFEST.kind(outgoing.kind).text
    count = len(words(outgoing))
    if outgoing.kind == "text_send" and (
        count > limit.limit or len(words(outgoing).encode()) > (limit.also_bytes or count * 4)
    ):
        raise Rejected("text", "too_long_with_link", params={"count": count, "limit": limit.limit})


def words(outgoing: Outgoing) -> str:
    """The text, with the post's link below unless it stands in it."""
    link = outgoing.link
    return f"{outgoing.text}\n{link}" if link and link not in outgoing.text else outgoing.text


async def begin(caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Processing:
    """The files go up; nothing of it can appear before the next step. Files cleared away since go up anew.

    Words have none: there it is only asked whether the account may mass send at all.
    """
    if not outgoing.media:
        await caller.call("/cgi-bin/message/mass/speed/get", {})
    sort = "video" if outgoing.kind == "video_send" else "image"
    files: list[str] = done.get("files") or []
    if outgoing.media and not (files and await materials.present(caller, files, sort)):
        if files:
            await materials.forget(outgoing, [PLACE])

        async def made() -> list[str]:
            return [await materials.lasting(caller, outgoing, media, PLACE) for media in outgoing.media]

        files = await materials.anew(outgoing, [PLACE], made)
    return _step({"at": clock.now().isoformat(), **done, "files": files})


async def start(session: Session, caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome:
    """Send it. 45065 means that it went out before: that message is adopted."""
    if (done.get("doubt") or outgoing.restored) and send_step.forgotten(done):
        raise Ambiguous("key_forgotten")
    content = await _content(session, caller, outgoing, done.get("files") or [])
    return await send_step.send(caller, outgoing, done, content)


async def find(session: Session, caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome | None:
    """The looking sends nothing: the next step does, under the same key. Raises Ambiguous when WeChat has forgotten it."""
    if send_step.forgotten(done):
        raise Ambiguous("key_forgotten")
    return _step({**done, "doubt": True}, poll_after=5.0)


async def ask(caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome:
    """How far it is. Only a video can be deleted once it is out; only pictures have a number for comments."""
    if (waiting := await send_step.state(caller, done)) is not None:
        return waiting
    data = int(done.get("data") or 0)
    fixed = outgoing.kind != "video_send"
    return Published(str(Article(data, int(bool(data)), msg_id=str(done["msg_id"]), fixed=fixed)))


async def _content(session: Session, caller: App, outgoing: Outgoing, files: list[str]) -> dict[str, Any]:
    if outgoing.kind == "text_send":
        return {"msgtype": "text", "text": {"content": words(outgoing)}}
    if outgoing.kind == "image_send":
        comments = drafts.comments(session, outgoing)
        return {"msgtype": "image", "images": {"media_ids": files, "recommend": outgoing.text, **comments}}
    told = {"media_id": files[0], "title": outgoing.title.strip(), "description": outgoing.text}
    try:
        ready = await caller.call("/cgi-bin/media/uploadvideo", told)
    except Rejected as error:
        if error.reason == "draft_gone":
            raise Rejected("media", "file_lost", said=error.said) from error
        raise
    return {"msgtype": "mpvideo", "mpvideo": {"media_id": str(ready["media_id"])}}


def _step(done: dict[str, Any], poll_after: float = 0.0) -> Processing:
    return Processing(json.dumps(done), poll_after=poll_after, handed_over=False)
