"""Private messages: sent into the talk they answer, found again there by their words, read from what came last.

Source: xdevplatform/docs, x-api/direct-messages. Reads are paid by the message, so as few as possible are asked for.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import regex

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.x import words
from kitestring.connectors.x.client import Api, rows, told_at
from kitestring.connectors.x.ids import first_of

FIELDS = "id,text,created_at,dm_conversation_id,entities,event_type"
_TALK = regex.compile(r"[0-9]{1,19}-[0-9]{1,19}|[0-9]{15,19}")
ONLY_WORDS = [("event_types", "MessageCreate"), ("dm_event.fields", FIELDS), ("expansions", "sender_id")]


PAGES = 50  # of twenty messages; a talk, or a token, that goes on beyond that leads nowhere
MARK = "dm-"  # before a message's id, which looks like a post's
SKEW = timedelta(seconds=30)


def is_one(remote_id: str) -> bool:
    """Whether an id of ours is a message's."""
    return remote_id.startswith(MARK)


def event(remote_id: str) -> str:
    """X's own id of a message."""
    return remote_id.removeprefix(MARK)


def talk(outgoing: Outgoing) -> str:
    """The talk's id as it stands in a path. Raises Rejected("reply_to", "not_there")."""
    if not _TALK.fullmatch(outgoing.root):
        raise Rejected("reply_to", "not_there")
    return outgoing.root


def allowed(session: Session) -> None:
    """Raise Rejected("account", "messages_not_asked") when the account was connected without its messages."""
    if "dm.write" not in session.grant.scopes:
        raise Rejected("account", "messages_not_asked")


async def begin(caller: Api, session: Session, outgoing: Outgoing) -> Processing:
    """How far the talk goes now; `send` sends."""
    allowed(session)
    known = json.loads(outgoing.handle) if outgoing.handle else {}
    since = known.get("since")
    if not since:
        params = [("max_results", "1"), *ONLY_WORDS]
        answer = await caller.call("GET", f"dm_conversations/{talk(outgoing)}/dm_events", params=params)
        page = calls.json_of(answer, write=False)
        newest = max((int(row["id"]) for row in rows(page if isinstance(page, dict) else {})), default=0)
        since = str(max(newest, first_of(told_at(answer) - SKEW)))
    return Processing(json.dumps({"since": since}), poll_after=0.0, handed_over=False)


async def send(caller: Api, session: Session, outgoing: Outgoing) -> Published:
    """Send it into its talk."""
    made = await caller.write(f"dm_conversations/{talk(outgoing)}/messages", {"text": outgoing.text.strip()})
    if not str(made.get("dm_event_id") or "").isdecimal():
        raise Ambiguous("not_itself", said=str(made)[:200])
    return Published(f"{MARK}{made['dm_event_id']}", address(session, outgoing.root))


async def find(caller: Api, session: Session, outgoing: Outgoing, since: str) -> Published | None:
    """Our message after `since` with these words."""
    params = [("max_results", "20"), *ONLY_WORDS]
    token = ""
    for _page in range(PAGES):
        page = await caller.read(
            f"dm_conversations/{talk(outgoing)}/dm_events",
            [*params, *([("pagination_token", token)] if token else [])],
        )
        newer = [row for row in rows(page) if int(row["id"]) > int(since)]
        for row in reversed(newer):
            own = str(row.get("sender_id")) == session.remote_id
            if own and words.same(outgoing.text, words.text_of(row)):
                return Published(f"{MARK}{row['id']}", address(session, outgoing.root))
        token = str((page.get("meta") or {}).get("next_token") or "")
        if not token or len(newer) < len(rows(page)) or not newer:
            return None
    raise shapes.odd("a list of messages without an end")


def address(session: Session, thread: str) -> str:
    """Where a person reads the talk."""
    return f"{session.urls['web']}/messages/{thread}"


async def newest(caller: Api, after: str) -> list[dict[str, Any]]:
    """The answers with the messages after the id `after`; the first time, with "", only the newest page."""
    found, token = list[dict[str, Any]](), ""
    people = [("user.fields", "id,name,username,profile_image_url")]
    for _page in range(PAGES):
        params = [("max_results", "20"), *ONLY_WORDS, *people]
        page = await caller.read("dm_events", [*params, *([("pagination_token", token)] if token else [])])
        found.append(page)
        token = str((page.get("meta") or {}).get("next_token") or "")
        eldest = min((int(row["id"]) for row in shapes.sound(rows(page), "id")), default=0)
        if not after or not token or eldest <= int(after):
            break
    return found
