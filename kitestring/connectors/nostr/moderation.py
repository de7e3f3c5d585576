"""A like on what others wrote: a reaction of ours (NIP-25), taken back by asking for its deletion. Nobody can hide there."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.nostr.client import ask, key_of, tell
from kitestring.connectors.nostr.events import DELETION, REACTION
from kitestring.kit import clock

LIKE = "+"


async def like(session: Session, comment_id: str, liked: bool) -> None:
    """Like it, or take our like back; quiet where it is so already. Raises Rejected("", "gone") when it is on no relay."""
    key, now = key_of(session), int(clock.now().timestamp())
    ours = await ask(session, {"kinds": [REACTION], "authors": [key.pubkey], "#e": [comment_id]})
    likes = [event for event in ours if event.content in (LIKE, "")]
    if bool(likes) is liked:
        return
    if not liked:
        tags = [*(["e", event.id] for event in likes), ["k", str(REACTION)]]
        await tell(session, key.sign(DELETION, "", tags, now))
        return
    found = await ask(session, {"ids": [comment_id]})
    if not found:
        raise Rejected("", "gone")
    tags = [["e", comment_id, "", found[0].pubkey], ["p", found[0].pubkey], ["k", str(found[0].kind)]]
    await tell(session, key.sign(REACTION, LIKE, tags, now))
