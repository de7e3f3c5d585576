"""Changing the words of a video that is live, and of our comments; file and audience stay."""

from __future__ import annotations

from dataclasses import replace

from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.overriding import overridden
from kitestring.connectors.youtube.client import MANIFEST, address, data, is_video, one
from kitestring.connectors.youtube.publishing import check, refuse_words
from kitestring.connectors.youtube.wording import description, snippet


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """Title, description, tags and category of a video; the text of a comment."""
    if not is_video(remote_id):
        return await _comment(session, remote_id, outgoing)
    before = await one(session, remote_id, "snippet")
    if before is None:
        raise Rejected("", "not_there")
    _check(outgoing)
    body = {"id": remote_id, "snippet": snippet(outgoing, before.get("snippet") or {})}
    made = await data(session).write("PUT", "videos", body, part="snippet")
    if made.get("id") != remote_id:
        raise Ambiguous("not_itself", said=str(made)[:200])
    return Published(remote_id, address(session, remote_id, outgoing.kind))


def _check(outgoing: Outgoing) -> None:
    """Refuse words and settings that do not fit; the file is there already and is not looked at."""
    manifest = overridden(MANIFEST, outgoing.limits)
    words = (outgoing.kind, description(outgoing), outgoing.title)
    for problem in problems(manifest, *words, options=outgoing.options):
        if problem.severity == "error" and not problem.field.startswith("media"):
            raise Rejected(problem.field, problem.reason, params=problem.params)
    refuse_words(outgoing)


async def _comment(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    check(session, replace(outgoing, kind="reply", media=(), title=""))
    body = {"id": remote_id, "snippet": {"textOriginal": outgoing.text}}
    await data(session).write("PUT", "comments", body, part="snippet")
    return Published(remote_id)
