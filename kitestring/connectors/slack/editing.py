"""Changing the words of a message that is live; its files stay, and its metadata with our key too (chat.update keeps it)."""

from __future__ import annotations

from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.slack import places, publishing
from kitestring.connectors.slack.client import workspace


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """Raises Rejected("", "not_there") when it is gone, "edit_window_closed" where the workspace lets nobody edit so late."""
    publishing.check(session, outgoing)
    if outgoing.media:
        raise Rejected("media", "files_stay")
    channel, ts = places.place_of(session, remote_id)
    text = places.escaped(publishing.wording(outgoing))
    await workspace(session).call("chat.update", write=True, channel=channel, ts=ts, text=text)
    return Published(remote_id, places.address(session, channel, ts))
