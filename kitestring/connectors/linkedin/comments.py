"""Comments: where one goes, writing it, finding it again, taking it away.

LinkedIn's talks are two deep: who answers an answer writes under the same first comment.
Source: learn.microsoft.com/linkedin/marketing/community-management/shares/comments-api.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.linkedin import urns
from kitestring.connectors.linkedin.client import Api, pages
from kitestring.connectors.linkedin.finding import SKEW

FEED = "w_organization_social_feed"


@dataclass(frozen=True)
class Spot:
    """Where a comment goes: on a post or under the comment `parent`, both by name."""

    on: str
    parent: str = ""


def wording(outgoing: Outgoing) -> str:
    """Comments are plain text: a link stands in the words."""
    text = outgoing.text.strip()
    if outgoing.link and not any(one.text == outgoing.link for one in links(text, any_host=True)):
        return f"{text} {outgoing.link}".strip()
    return text


def guessed(outgoing: Outgoing) -> Spot:
    """Where it goes by its names alone, for who may not read."""
    if urns.is_comment(outgoing.reply_to):
        return Spot(outgoing.reply_to, outgoing.reply_to)
    return Spot(outgoing.reply_to)


async def place(caller: Api, outgoing: Outgoing) -> Spot:
    """Where it goes: a comment is asked for, since it may be an answer itself. Raises Rejected("", "deleted")."""
    if not urns.is_comment(outgoing.reply_to):
        return guessed(outgoing)
    thread, number = urns.comment(outgoing.reply_to)
    try:
        found = await caller.read(f"socialActions/{urns.encoded(thread)}/comments/{number}")
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "deleted", said=error.said) from error
        raise
    first = str(found.get("parentComment") or outgoing.reply_to)
    return Spot(first, first)


async def below(caller: Api, name: str) -> list[dict[str, Any]]:
    """What stands under a post or a comment."""
    return await pages(caller, f"socialActions/{urns.encoded(name)}/comments", "")


async def newest(caller: Api, on: str) -> tuple[int, list[str]]:
    """As `finding.newest`, of the comments on `on`."""
    found = await below(caller, on)
    since = max(0, max(map(at, found), default=0) - SKEW)
    return since, [name_of(row) for row in found if at(row) >= since]


async def find(
    caller: Api, session: Session, outgoing: Outgoing, on: str, since: int, seen: Set[str]
) -> str | None:
    """The eldest own comment there since then, none of the `seen`, with these words."""
    ours = _bare(wording(outgoing))
    fits = [
        (at(row), name_of(row))
        for row in await below(caller, on)
        if row.get("actor") == session.remote_id
        and at(row) >= since
        and name_of(row) not in seen | {""}
        and _bare(text_of(row)) == ours
    ]
    return min(fits)[1] if fits else None


async def write(caller: Api, session: Session, outgoing: Outgoing, spot: Spot) -> str:
    """Post it; its name. Raises Ambiguous where nobody knows."""
    thread = urns.comment(spot.on)[0] if urns.is_comment(spot.on) else spot.on
    body: dict[str, Any] = {
        "actor": session.remote_id,
        "object": thread,
        "message": {"text": wording(outgoing)},
    }
    body |= {"parentComment": spot.parent} if spot.parent else {}
    path = f"socialActions/{urns.encoded(spot.on)}/comments"
    try:
        answer = await caller.call("POST", path, write=True, body=body)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "deleted", said=error.said) from error
        raise
    made = calls.json_of(answer, write=True)
    name = name_of(made) if isinstance(made, dict) else ""
    if not name:
        raise Ambiguous("not_itself", said=calls.words(answer))
    return name


async def remove(caller: Api, session: Session, name: str) -> None:
    """Delete a comment of ours, or as a Page's administrator somebody else's under its post."""
    thread, number = urns.comment(name)
    query = f"actor={urns.encoded(session.remote_id)}"
    await caller.change("DELETE", f"socialActions/{urns.encoded(thread)}/comments/{number}", query)


def name_of(row: dict[str, Any]) -> str:
    """urn:li:comment:(thread,number); "" when the row does not tell."""
    if urns.is_comment(str(row.get("commentUrn") or "")):
        return str(row["commentUrn"])
    thread, number = str(row.get("object") or ""), str(row.get("id") or "")
    return f"urn:li:comment:({thread},{number})" if thread and number.isdecimal() else ""


def text_of(row: dict[str, Any]) -> str:
    message = row.get("message")
    return str(message.get("text") or "") if isinstance(message, dict) else ""


def at(row: dict[str, Any]) -> int:
    """When it was written, in milliseconds since 1970."""
    created = row.get("created")
    value = created.get("time") if isinstance(created, dict) else None
    return int(value) if isinstance(value, int | float) else 0


def _bare(text: str) -> str:
    return "".join(text.split())
