"""Who may answer or quote a post: records beside it, under the post's own key.

Source: lexicons app.bsky.feed.threadgate and app.bsky.feed.postgate.
"""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.options import YES
from kitestring.connectors.bluesky.records import POSTGATE, THREADGATE, delete, put, record, stamp

MOST_HIDDEN: Final = 300
RULES: Final[dict[str, list[str]]] = {
    "mentioned": ["mentionRule"],
    "following": ["mentionRule", "followingRule"],
    "followers": ["mentionRule", "followerRule"],
    "nobody": [],
}


def wanted(session: Session, outgoing: Outgoing, rkey: str) -> list[dict[str, Any]]:
    """The records that the post's settings ask for beside it; each names its collection in `$type`.

    They go out in one commit with the post: the network looks for what stands beside a post only from the post on.
    """
    found = []
    if (who := outgoing.options.get("replies", "")) in RULES:
        allow = [{"$type": f"{THREADGATE}#{rule}"} for rule in RULES[who]]
        found.append(_gate(session, THREADGATE, rkey, allow=allow))
    if outgoing.options.get("no_quotes") == YES:
        rules = [{"$type": f"{POSTGATE}#disableRule"}]
        found.append(_gate(session, POSTGATE, rkey, embeddingRules=rules))
    return found


async def take_down(session: Session, rkey: str) -> None:
    """Delete what stood beside a post that is gone."""
    for collection in (THREADGATE, POSTGATE):
        if await record(session, session.remote_id, rkey, collection):
            await delete(session, collection, rkey)


async def hide(session: Session, rkey: str, answer: str, hidden: bool) -> None:
    """Hide an answer under the post `rkey` of the account, or show it again; who may answer stays as it is."""
    found = await record(session, session.remote_id, rkey, THREADGATE)
    if found is None and not hidden:
        return
    gate = dict((found or {}).get("value") or _gate(session, THREADGATE, rkey))
    before = [str(one) for one in gate.get("hiddenReplies") or []]
    after = [one for one in before if one != answer] + ([answer] if hidden else [])
    if set(after) == set(before):
        return
    if len(after) > MOST_HIDDEN:
        raise Rejected("", "too_many_hidden", params={"limit": MOST_HIDDEN})
    # Only where nobody changed it meanwhile: else a rule somebody set there would be lost.
    cid = str(found["cid"]) if found else None
    await put(session, THREADGATE, rkey, {**gate, "hiddenReplies": after}, write=False, swapRecord=cid)


def _gate(session: Session, collection: str, rkey: str, **more: Any) -> dict[str, Any]:
    post = f"at://{session.remote_id}/app.bsky.feed.post/{rkey}"
    return {"$type": collection, "post": post, "createdAt": stamp(), **more}
