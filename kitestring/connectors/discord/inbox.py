"""What people answer under our messages: as replies in the channel, and in the thread that hangs on a message.

The cursor is JSON: `to`, how far the channel is read; `threads`, how far each thread is; `of`, which post the latest answers
belong to, so that an answer to an answer finds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectors.discord import ids
from kitestring.connectors.discord.client import caller, is_webhook, spent
from kitestring.kit import clock

PAGE, PAGES = 100, 5
BACK: Final = timedelta(days=30)  # how far the first reading goes back
REMEMBERED: Final = 500  # answers whose post is kept in the cursor
THREADS: Final = 20  # threads with something new that one fetch reads
PEOPLE_WROTE: Final = {0, 19}  # developers/resources/message.mdx, Message Types: default, reply
_CALLED = re.compile(r"<@!?(\d+)>")
_SIGN = re.compile(r"<a?:(\w+):\d+>")


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """Answers and mentions since the cursor. A webhook hears nothing."""
    if is_webhook(session):
        return IncomingPage([], cursor)
    state: dict[str, Any] = json.loads(cursor) if cursor else {"to": "", "threads": {}, "of": {}}
    start = state["to"] or _beginning(posts)
    found, state["to"] = await _written(session, ids.home(session), start)
    whole = set(posts)
    messages = [one for raw in found if (one := _in_channel(session, raw, whole, state["of"]))]
    for thread, after in (await _threads(session, posts, state["threads"])).items():
        inside, state["threads"][thread] = await _written(session, thread, after)
        messages += [one for raw in inside if (one := _in_thread(session, raw, thread))]
    state["of"] = dict(list(state["of"].items())[-REMEMBERED:])
    state["threads"] = {post: to for post, to in state["threads"].items() if post in whole}
    messages.sort(key=lambda message: message.at)
    return IncomingPage(messages, json.dumps(state, separators=(",", ":")))


def _beginning(posts: Sequence[str]) -> str:
    """From the oldest post on; at most thirty days back, now where there is none."""
    numbers = [int(post) for post in posts if post.isdecimal()]
    if not numbers:
        return ids.first_of(clock.now())
    return str(max(min(numbers), int(ids.first_of(clock.now() - BACK))))


async def _written(session: Session, channel: str, after: str) -> tuple[list[dict[str, Any]], str]:
    """What was written there since, oldest first, and how far that reaches. Stops where Discord's own count says so."""
    found: list[dict[str, Any]] = []
    for _page in range(PAGES):
        answer = await caller(session).call(
            "GET", f"/channels/{channel}/messages", params=[("after", after), ("limit", str(PAGE))]
        )
        told = shapes.sound(calls.json_of(answer, write=False), "id", "author.id", "channel_id", "timestamp")
        page = sorted(told, key=lambda message: int(message["id"]))
        found += page
        after = str(page[-1]["id"]) if page else after
        if len(page) < PAGE or spent(answer):
            break
    return found, after


async def _threads(session: Session, posts: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """The threads on our posts with something new in them, and from where each is to be read on."""
    guild = session.settings.get("guild")
    if not posts or not guild:
        return {}
    told = (await caller(session).read(f"/guilds/{guild}/threads/active"))["threads"]
    told = shapes.sound(told, "id")
    new = {}
    for thread in told:
        number, newest = str(thread["id"]), str(thread.get("last_message_id") or "0")
        before = known.get(number, number)
        if number in posts and int(newest) > int(before):
            new[number] = before
    return dict(list(new.items())[:THREADS])


def _in_channel(
    session: Session, raw: Mapping[str, Any], posts: set[str], of: dict[str, str]
) -> Incoming | None:
    """The message as an answer under one of our posts, or as a mention; None when it is something else."""
    number, above = str(raw["id"]), str((raw.get("message_reference") or {}).get("message_id") or "")
    post = above if above in posts else of.get(above, "") or _two_up(raw, posts, of)
    if raw.get("type") not in PEOPLE_WROTE or number in posts:
        return None
    said = words(raw)
    own = str(raw["author"]["id"]) == session.settings.get("bot_id")
    if post:
        of[number] = post
        return _incoming(session, raw, said, post, "" if above == post else above, own) if said else None
    named = any(
        str(one["id"]) == session.settings.get("bot_id")
        for one in shapes.sound(raw.get("mentions") or (), "id")
    )
    if not named or own or not said:
        return None
    return replace(_incoming(session, raw, said, "", "", own), kind="mention")


def _two_up(raw: Mapping[str, Any], posts: set[str], of: Mapping[str, str]) -> str:
    """The post of an answer to an answer that was read long ago: Discord shows what the answered one answered."""
    above = raw.get("referenced_message") or {}
    further = str((above.get("message_reference") or {}).get("message_id") or "")
    return further if further in posts else of.get(further, "")


def _in_thread(session: Session, raw: Mapping[str, Any], thread: str) -> Incoming | None:
    said = words(raw)
    if raw.get("type") not in PEOPLE_WROTE or not said:
        return None
    above = str((raw.get("message_reference") or {}).get("message_id") or "")
    own = str(raw["author"]["id"]) == session.settings.get("bot_id")
    return _incoming(session, raw, said, thread, f"{thread}:{above}" if above else "", own)


def _incoming(
    session: Session, raw: Mapping[str, Any], said: str, post: str, parent: str, own: bool
) -> Incoming:
    author, number = raw["author"], str(raw["id"])
    channel = str(raw["channel_id"])
    avatar = author.get("avatar")
    return Incoming(
        remote_id=ids.called(session, channel, number),
        post_remote_id=post,
        author_id=str(author["id"]),
        author_name=str(author.get("global_name") or author.get("username") or author["id"]),
        author_handle=f"@{author['username']}" if author.get("username") else "",
        author_avatar_url=f"{session.urls['cdn']}/avatars/{author['id']}/{avatar}.png" if avatar else "",
        text=said,
        at=datetime.fromisoformat(str(raw["timestamp"])),
        parent_id=parent,
        url=ids.address(session, channel, number),
        own=own,
    )


def words(raw: Mapping[str, Any]) -> str:
    """The text with people's names in place of their numbers; of a message without words, what it carries."""
    names = {
        str(one["id"]): one.get("global_name") or one["username"]
        for one in shapes.sound(raw.get("mentions") or (), "id", "username")
    }
    text = _CALLED.sub(lambda m: f"@{names[m[1]]}" if m[1] in names else m[0], str(raw.get("content") or ""))
    text = _SIGN.sub(r":\1:", text)
    if text.strip():
        return text
    files = [str(file.get("filename", "")) for file in raw.get("attachments") or ()]
    files += [str(one.get("name", "")) for one in raw.get("sticker_items") or ()]
    return f"📎 {', '.join(files)}" if files else ""
