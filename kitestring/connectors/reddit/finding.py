"""Finds again what was sent: among what the account posted, answered or wrote since the mark that was kept before sending."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.reddit import drafting, ids, places
from kitestring.connectors.reddit.client import Api, rows, told_at

SKEW: Final = timedelta(seconds=30)  # by how much Reddit's clocks may differ


def username(session: Session) -> str:
    return session.handle.removeprefix("u/")


def listing(session: Session, kind: str) -> str:
    """The path of the account's own posts, comments or messages."""
    if kind == "message":
        return "message/sent"
    return f"user/{username(session)}/{'comments' if kind == 'reply' else 'submitted'}"


async def mark(caller: Api, session: Session, kind: str) -> dict[str, Any]:
    """{"at": the second from which ours can be, "seen": what stands there since and is not ours}."""
    answer = await _asked(caller, listing(session, kind), kind)
    at = int((told_at(answer) - SKEW).timestamp())
    found = rows(calls.json_of(answer, write=False))
    return {"at": at, "seen": [str(row.get("name")) for row in found if _second(row) >= at]}


async def find(
    caller: Api, session: Session, outgoing: Outgoing, at: int, seen: list[str]
) -> Published | None:
    """The eldest of ours since `at` that is this one and was not there before it was sent."""
    answer = await _asked(caller, listing(session, outgoing.kind), outgoing.kind)
    fits = [
        row
        for row in rows(calls.json_of(answer, write=False))
        if _second(row) >= at and row.get("name") not in seen and is_it(outgoing, row)
    ]
    if not fits:
        return None
    eldest = min(fits, key=lambda row: (_second(row), len(str(row["name"])), str(row["name"])))
    return Published(str(eldest["name"]), address(session, eldest))


async def _asked(caller: Api, path: str, kind: str) -> Any:
    try:
        return await caller.get(path, [("sort", "new"), ("limit", "100")])
    except Rejected as error:
        if kind == "message" and error.reason == "moved":
            raise Rejected("", "messages_closed", said=error.said) from error
        raise


def is_it(outgoing: Outgoing, row: dict[str, Any]) -> bool:
    """Whether a thing of the account is what was to be sent."""
    ours = drafting.body(outgoing)
    if outgoing.kind in drafting.ANSWERS:
        words = drafting.same(ours, str(row.get("body") or ""))
        return words and row.get("parent_id") == outgoing.reply_to
    place = places.name_of(outgoing.options.get("subreddit", ""))
    there = str(row.get("subreddit") or "").casefold() == place.casefold()
    title = drafting.same(outgoing.title, str(row.get("title") or ""))
    text = outgoing.kind == "text"
    if not there or not title or text != bool(row.get("is_self")):
        return False
    if outgoing.kind == "link" and row.get("url") != drafting.link_of(outgoing):
        return False
    return not text or drafting.same(ours, str(row.get("selftext") or ""))


def address(session: Session, row: dict[str, Any]) -> str:
    """Where a person reads it; a private message has no address."""
    name = str(row.get("name") or "")
    if name.startswith("t4_"):
        return ""
    if path := str(row.get("permalink") or ""):
        return f"{session.urls['web']}{path}" if path.startswith("/") else path
    return f"{session.urls['web']}/comments/{ids.short(name)}" if ids.POST.fullmatch(name) else ""


def _second(row: dict[str, Any]) -> int:
    told = row.get("created_utc")
    return int(told) if isinstance(told, int | float) else 0
