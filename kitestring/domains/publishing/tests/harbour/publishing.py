"""The test channel's publishing; which way of safety it has is the account's type."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.calls import send, settled, words
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected


def check(session: Session, outgoing: Outgoing) -> None:
    if outgoing.text == "odd params":
        raise Rejected("text", "word_not_allowed", params={"n": {1}})
    if len(outgoing.text) > 300:
        raise Rejected("text", "text_too_long")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    check(session, outgoing)
    asked: dict[str, Any] = {
        "author": session.remote_id,
        "text": outgoing.text,
        "key": str(outgoing.key),
        "reply_to": outgoing.reply_to,
        "keyed": session.account_type == "native_key",
    }
    if session.account_type == "two_step":
        made = settled(await _call(session, "POST", "/containers", json=asked), write=False)
        return Processing(made["id"], poll_after=1.0, handed_over=False)
    answer = await _call(session, "POST", "/posts", write=True, json=asked)
    if answer.status == 422:
        raise Rejected(answer.json()["field"], "word_not_allowed", said=words(answer))
    return _published(settled(answer, write=True))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    if outgoing.handle:
        kept = settled(await _call(session, "GET", f"/containers/{outgoing.handle}"), write=False)
        return (
            _published(kept["live"])
            if kept["live"]
            else Processing(outgoing.handle, poll_after=1.0, handed_over=False)
        )
    if session.account_type == "two_step":
        if outgoing.restored:
            raise Ambiguous("restored")
        return None
    answer = await _call(session, "GET", "/posts", params={"author": session.remote_id})
    for post in settled(answer, write=False)["posts"]:
        if post["key"] == str(outgoing.key):
            return _published(post)
    return None


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    kept = settled(await _call(session, "GET", f"/containers/{outgoing.handle}"), write=False)
    if kept["live"]:
        return _published(kept["live"])
    if not kept["ready"]:
        return Processing(outgoing.handle, poll_after=1.0, handed_over=False)
    answer = await _call(session, "POST", f"/containers/{outgoing.handle}/publish", write=True)
    if not answer.ok:
        raise Ambiguous("broken")
    return _published(settled(answer, write=True))


async def withdraw(session: Session, remote_id: str) -> None:
    settled(await _call(session, "DELETE", f"/posts/{remote_id}"), write=False)


async def _call(session: Session, method: str, path: str, *, write: bool = False, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {session.grant.secrets.get('token', '')}"}
    return await send(session.http, method, session.urls["api"] + path, write=write, headers=headers, **more)


def _published(said: dict[str, Any]) -> Published:
    return Published(said["id"], said["url"])
