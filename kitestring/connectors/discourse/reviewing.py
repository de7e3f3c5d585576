"""A post that the forum's moderators must let through first: it waits, is live, or was refused.

The forum gives such a post no id of a topic, and forgets the key it came with. So it is found by its title among the topics
that the account started since; an answer by nothing at all: whether it is out a person says.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.discourse.client import Forum
from kitestring.kit import clock

EVERY: Final = 60.0
WAITS: Final = "moderator_approves"
CLOCKS_APART: Final = timedelta(minutes=2)


def begun(outgoing: Outgoing, made: dict[str, Any]) -> Processing:
    """It lies in the queue: its number there, when it came, and the title it is known by."""
    pending = made.get("pending_post") or {}
    kept = {"queued": pending.get("id"), "at": clock.now().isoformat(), "title": outgoing.title.strip()}
    return Processing(json.dumps(kept, ensure_ascii=False), poll_after=EVERY, waits_for=WAITS)


async def follow(there: Forum, outgoing: Outgoing) -> Outcome:
    """Raises Rejected("", "review_refused") when it is neither in the queue nor live."""
    kept = json.loads(outgoing.handle)
    if await _waits(there, kept):
        return Processing(outgoing.handle, poll_after=EVERY, waits_for=WAITS)
    if outgoing.kind != "topic":
        raise Ambiguous("review_ended")
    found = await _topic(there, kept)
    if found is None:
        raise Rejected("", "review_refused")
    return found


async def look(there: Forum, outgoing: Outgoing) -> Outcome:
    """As `follow`; never "surely not there" while a moderator may still let it through."""
    return await follow(there, outgoing)


async def _waits(there: Forum, kept: dict[str, Any]) -> bool:
    told = await there.read(f"/posts/{there.username}/pending.json")
    return any(one.get("id") == kept["queued"] for one in told.get("pending_posts") or ())


async def _topic(there: Forum, kept: dict[str, Any]) -> Published | None:
    told = await there.read(f"/topics/created-by/{there.username}.json")
    since = datetime.fromisoformat(kept["at"]) - CLOCKS_APART
    for topic in (told.get("topic_list") or {}).get("topics") or ():
        made = datetime.fromisoformat(str(topic["created_at"]).replace("Z", "+00:00"))
        if made >= since and str(topic.get("title", "")).strip() == kept["title"]:
            return Published(str(topic["id"]), f"{there.base}/t/{topic.get('slug') or '-'}/{topic['id']}")
    return None
