"""Changing the words of a post that is live. Facebook lets an app change only what it posted itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.facebook.client import MANIFEST, page
from kitestring.connectors.facebook.feed import wording
from kitestring.connectors.facebook.steps import address
from kitestring.providers.meta.graph import number

EDITS: Final = frozenset({"post", "reply"})


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The same post with other words; files and links stay. Raises Rejected("kind") where words cannot be changed."""
    if outgoing.kind not in EDITS:
        raise Rejected("kind", "words_stay")
    text = wording(outgoing)
    check_outgoing(MANIFEST, replace(outgoing, text=text), session.account_type)
    graph = page(session)
    await graph.post(number(remote_id), write=True, message=text)
    return Published(remote_id, await address(session, graph, remote_id))
