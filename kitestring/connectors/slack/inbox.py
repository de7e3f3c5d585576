"""What comes in: answers in the threads of our posts, messages of the channel that name the bot, and private messages to it.

The cursor is JSON: `to`, how far the channel is read; `posts`, how far each thread is; `ims`, how far each private talk is;
`turn`, where the round of old threads and of talks goes on; `names`, whose number is whose name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, IncomingPage, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.slack import places, reading
from kitestring.connectors.slack.client import workspace
from kitestring.kit import clock

BACK: Final = timedelta(days=7)  # how far the first reading of mentions and private messages goes back
PAGES: Final = 5  # pages of 200 messages of the channel, or of one thread, that a fetch reads
AT_ONCE: Final = 20  # threads too old for these pages, and private talks, that one fetch asks for
NAMES, KNOWN = 20, 300  # people asked for in one fetch, and remembered
# docs.slack.dev, reference/events/message (subtypes): those in which people say something.
SAID: Final = {"", "file_share", "thread_broadcast", "me_message", "bot_message"}


async def fetch(session: Session, posts: Sequence[str], cursor: str) -> IncomingPage:
    """What came in since the cursor, the oldest first."""
    state: dict[str, Any] = {"to": "", "posts": {}, "ims": {}, "turn": 0, "names": {}}
    state |= json.loads(cursor) if cursor else {}
    posts = [post for post in posts if places.is_ts(post)]
    found = [*await _in_channel(session, posts, state), *await _private(session, state)]
    state["turn"] += 1
    await _learn(session, [raw for raw, _what in found], state["names"])
    messages = [_incoming(session, raw, what, state["names"]) for raw, what in found]
    messages.sort(key=lambda message: message.at)
    state["posts"] = {post: to for post, to in state["posts"].items() if post in posts}
    return IncomingPage(messages, json.dumps(state, separators=(",", ":")))


Found = tuple[dict[str, Any], dict[str, str]]


async def _in_channel(session: Session, posts: Sequence[str], state: dict[str, Any]) -> list[Found]:
    """Mentions, and the answers in every thread that has new ones: the channel's own list says which have."""
    channel, since = places.home(session), state["to"] or places.ts_of(clock.now() - BACK)
    parents: dict[str, Mapping[str, Any]] = {}
    found: list[Found] = []
    oldest = min([since, *posts], key=float)
    try:
        async for page in reading.history(session, channel, oldest, PAGES, inclusive="true"):
            parents |= {str(raw["ts"]): raw for raw in shapes.sound(page, "ts")}
    except Ambiguous:
        pass  # what lies further back is asked for thread by thread
    for ts, raw in parents.items():
        if float(ts) > float(since) and _names_us(session, raw) and ts not in posts:
            found.append((dict(raw), {"kind": "mention", "channel": channel}))
    state["to"] = max([since, *parents], key=float)
    for post in [*[p for p in posts if p in parents], *_turn([p for p in posts if p not in parents], state)]:
        seen = state["posts"].get(post, post)
        newest = str(parents[post].get("latest_reply") or "0") if post in parents else ""
        if newest and float(newest) <= float(seen):
            continue
        answers = await _answers(session, channel, post, seen)
        found += [(raw, {"post": post, "channel": channel}) for raw in answers]
        state["posts"][post] = max([seen, *(str(raw["ts"]) for raw in answers)], key=float)
    return found


def _turn(waiting: list[str], state: Mapping[str, Any]) -> list[str]:
    """The next few in the round."""
    if len(waiting) <= AT_ONCE:
        return waiting
    start = int(state["turn"]) * AT_ONCE % len(waiting)
    return (waiting[start:] + waiting[:start])[:AT_ONCE]


async def _answers(session: Session, channel: str, post: str, seen: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    try:
        async for page in reading.thread(session, channel, post, seen, PAGES):
            found += [
                raw for raw in shapes.sound(page, "ts") if _says(raw) and float(raw["ts"]) > float(seen)
            ]
    except Ambiguous:
        pass  # the oldest came first: the rest is read next time
    return found


async def _private(session: Session, state: dict[str, Any]) -> list[Found]:
    """New messages of the bot's private talks. Without the right to them there are none."""
    scopes = session.grant.scopes
    if scopes and not {"im:read", "im:history"} <= set(scopes):
        return []
    listed = await workspace(session).read("conversations.list", types="im", limit="1000")
    talks = [
        str(one["id"]) for one in shapes.sound(listed["channels"], "id") if not one.get("is_user_deleted")
    ]
    found: list[Found] = []
    for talk in _turn(talks, state):
        since = state["ims"].get(talk) or places.ts_of(clock.now() - BACK)
        newest = since
        try:
            async for told in reading.history(session, talk, since, 1):
                page = shapes.sound(told, "ts")
                found += [(raw, {"kind": "message", "channel": talk}) for raw in page if _says(raw)]
                newest = max([newest, *(str(raw["ts"]) for raw in page)], key=float)
        except Ambiguous:
            pass  # two hundred at once in one talk: the newest of them are read
        if newest != since:
            state["ims"][talk] = newest
    return found


def _says(raw: Mapping[str, Any]) -> bool:
    return str(raw.get("subtype") or "") in SAID and bool(_words(raw))


def _names_us(session: Session, raw: Mapping[str, Any]) -> bool:
    named = f"<@{session.settings.get('user_id')}" in str(raw.get("text", ""))
    return named and _says(raw) and not reading.ours(session, raw)


def _words(raw: Mapping[str, Any]) -> str:
    """The text; of a message without words, what it carries."""
    if text := str(raw.get("text") or "").strip():
        return text
    files = [str(file.get("title") or file.get("name") or "") for file in raw.get("files") or ()]
    return f"📎 {', '.join(files)}" if files else ""


async def _learn(session: Session, found: Sequence[Mapping[str, Any]], names: dict[str, list[str]]) -> None:
    """Who wrote, by name; whoever cannot be asked for keeps the number for now."""
    wrote = dict.fromkeys(str(raw["user"]) for raw in found if raw.get("user"))
    for number in [one for one in wrote if one not in names][:NAMES]:
        try:
            user = (await workspace(session).read("users.info", user=number))["user"]
        except Rejected:
            continue
        profile = user.get("profile") or {}
        shown = (
            profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user["name"]
        )
        names[number] = [str(shown), str(user.get("name") or ""), str(profile.get("image_72") or "")]
    for old in list(names)[:-KNOWN]:
        del names[old]


def _incoming(
    session: Session, raw: Mapping[str, Any], what: Mapping[str, str], names: Mapping[str, list[str]]
) -> Incoming:
    ts, channel, post = str(raw["ts"]), what["channel"], what.get("post", "")
    author = str(raw.get("user") or raw.get("bot_id") or "")
    name, handle, avatar = names.get(author, [str(raw.get("username") or author), "", ""])
    shown = {number: known[0] for number, known in names.items()}
    made = Incoming(
        remote_id=places.called(session, channel, ts),
        post_remote_id=post,
        author_id=author,
        author_name=name,
        author_handle=f"@{handle}" if handle else "",
        author_avatar_url=avatar,
        text=places.readable(_words(raw), shown),
        at=places.at(ts),
        parent_id=_above(raw, post),
        url=places.address(session, channel, ts, post),
        own=reading.ours(session, raw),
    )
    if what.get("kind") == "message":
        return replace(made, kind="message", thread=channel)
    return replace(made, kind="mention") if what.get("kind") == "mention" else made


def _above(raw: Mapping[str, Any], post: str) -> str:
    """Which answer ours answers, by what we wrote into its metadata: Slack's threads themselves are flat."""
    answered = str(reading.payload(raw).get("answers") or "")
    return "" if answered == post else answered
