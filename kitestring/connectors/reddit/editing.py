"""Changes the words of a text post or a comment. Reddit lets nobody change a title, a link or a file."""

from __future__ import annotations

from typing import Final

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.reddit import drafting, finding, ids
from kitestring.connectors.reddit.client import api, rows

EDITS: Final = frozenset({"text", "reply"})


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The new words in place of the old; where the title is another one too, it is refused."""
    drafting.check(session, outgoing)
    if outgoing.kind not in EDITS:
        raise Rejected("text", "words_fixed")
    caller = api(session)
    if outgoing.kind == "text":
        found = rows(await caller.read("api/info", [("id", remote_id)]))
        if not found:
            raise Rejected("", "not_there")
        if not drafting.same(outgoing.title, str(found[0].get("title") or "")):
            raise Rejected("title", "title_fixed")
    await caller.change("api/editusertext", {"thing_id": remote_id, "text": drafting.body(outgoing)})
    row = {"name": remote_id} if ids.POST.fullmatch(remote_id) else {}
    return Published(remote_id, finding.address(session, row))
