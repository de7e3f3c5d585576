"""Publishing on X, which knows no keys of ours: look how far the own timeline goes, keep that, and only then post.

The handle is JSON: {"since": the id below which nothing can be ours, "media": [media ids], "wait": those still worked on}. It is
stored before anything is sent, so a lost answer is found again among what is newer than that, by its words and by what it
answers; and what has no handle was never sent. X refuses the same words twice within a while, so they stand there once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from kitestring.connectorkit import calls
from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected
from kitestring.connectors.x import drafting, messages, uploading, words
from kitestring.connectors.x.client import Api, api, rows, told_at
from kitestring.connectors.x.ids import first_of, number
from kitestring.kit import clock

SKEW = timedelta(seconds=30)
FIELDS = "id,text,created_at,conversation_id,entities,note_post"
check = drafting.check


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    """Bring the files there and see how far the account's posts go. `follow` posts."""
    check(session, outgoing)
    if session.grant.scopes and "tweet.write" not in session.grant.scopes:
        raise GrantExpired("scope_missing")
    caller, known = api(session), _known(outgoing)
    if outgoing.kind == "message":
        return await messages.begin(caller, session, outgoing)
    files = [await uploading.sent(caller, outgoing, place) for place in range(len(outgoing.media))]
    since = known.get("since") or await _how_far(caller, session)
    return _ready(since, files)


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """Post as soon as every file is ready. Raises Rejected("media", "processing_failed") when one cannot be."""
    caller, known = api(session), _known(outgoing)
    if outgoing.kind == "message":
        return await messages.send(caller, session, outgoing)
    waiting = [await uploading.state(caller, one) for one in known.get("wait") or ()]
    if any(one.wait for one in waiting):
        ready = [uploading.File(one) for one in known.get("media") or () if one not in known["wait"]]
        return _ready(known["since"], [*ready, *waiting], order=known["media"])
    made = await _post(caller, outgoing, [str(one) for one in known.get("media") or ()])
    return Published(str(made["id"]), address(session, str(made["id"])))


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    """The post that is newer than the handle says, with these words, answering what it should; None when there is none.

    Without a handle nothing was sent, unless the handle was lost with what came after a backup: then a person looks.
    """
    caller, known = api(session), _known(outgoing)
    if not known.get("since") and not outgoing.restored:
        return None
    since = known.get("since") or str(first_of(outgoing.stamp))
    if outgoing.kind == "message":
        found = await messages.find(caller, session, outgoing, since)
    else:
        found = await _find(caller, session, outgoing, since)
    if found is not None and not known.get("since"):
        raise Ambiguous("handle_lost", said=found.url)
    return found


async def withdraw(session: Session, remote_id: str) -> None:
    """Delete the post or message; one already gone is fine."""
    kind = "dm_events" if messages.is_one(remote_id) else "tweets"
    try:
        await api(session).change("DELETE", f"{kind}/{number(messages.event(remote_id))}")
    except Rejected as error:
        if error.reason != "not_there":
            raise


def address(session: Session, remote_id: str) -> str:
    """Where a person reads a post of this account."""
    return f"{session.urls['web']}/{session.handle.lstrip('@') or 'i'}/status/{remote_id}"


async def _how_far(caller: Api, session: Session) -> str:
    """The id below which nothing that is posted from now on can be: by what stands there, and by X's own clock.

    Only what is a minute old is asked for, which costs next to nothing: reads are paid by the post. What stands there from that
    minute is known by its id, so the clocks of X's servers may differ by half of it.
    """
    asked = first_of(clock.now()) - (60_000 << 22)
    params = [("since_id", str(max(1, asked))), ("max_results", "5")]
    answer = await caller.call("GET", f"users/{number(session.remote_id)}/tweets", params=params)
    page = calls.json_of(answer, write=False)
    newest = max((int(row["id"]) for row in rows(page if isinstance(page, dict) else {})), default=0)
    return str(max(newest, first_of(told_at(answer) - SKEW)))


def _ready(since: str, files: Iterable[uploading.File], order: list[str] | None = None) -> Processing:
    """What is there so far; `order` as the writer put the files."""
    there = list(files)
    kept = {
        "since": since,
        "media": order or [one.id for one in there],
        "wait": [one.id for one in there if one.wait],
    }
    return Processing(
        json.dumps(kept), poll_after=max((one.wait for one in there), default=0.0), handed_over=False
    )


async def _post(caller: Api, outgoing: Outgoing, media_ids: list[str]) -> dict[str, Any]:
    try:
        made = await caller.write("tweets", drafting.body_of(outgoing, media_ids))
    except Rejected as error:
        if error.reason == "cannot_reply":
            link = f"{caller.urls['web']}/i/status/{outgoing.reply_to}"
            raise Rejected(error.field, error.reason, said=error.said, params={"link": link}) from error
        raise
    if not str(made.get("id") or "").isdecimal():
        raise Ambiguous("not_itself", said=str(made)[:200])
    return made


async def _find(caller: Api, session: Session, outgoing: Outgoing, since: str) -> Published | None:
    """The eldest own post after `since` that is this one."""
    params = [("since_id", since), ("max_results", "100"), ("post.fields", FIELDS)]
    params.append(("expansions", "referenced_posts"))
    pages = await caller.pages(f"users/{number(session.remote_id)}/tweets", params)
    answers, ours = "", drafting.wording(outgoing)
    if outgoing.kind == "reply":
        answers, ours = outgoing.reply_to, words.without_names(ours)
    fits = [
        str(row["id"])
        for page in pages
        for row in rows(page)
        if int(row["id"]) > int(since)
        and words.referenced(row, "replied_to") == answers
        and words.same(ours, words.said(row))
    ]
    if not fits:
        return None
    eldest = min(fits, key=int)
    return Published(eldest, address(session, eldest))


def _known(outgoing: Outgoing) -> dict[str, Any]:
    try:
        found = json.loads(outgoing.handle or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
