"""A message to some friends: LINE chooses them while we wait, and says how far it is."""

from __future__ import annotations

import json
from typing import Final

from kitestring.connectorkit.contract import Outcome, Processing, Published, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.line.client import channel

EVERY: Final = 30.0
# messaging-api.yml, NarrowcastProgressResponse: errorCode. 3 is a retry of what was accepted: that one goes on.
FAILED: Final = {
    1: "narrowcast_failed",
    2: "too_few_friends",
    4: "audience_too_small",
    5: "narrowcast_cancelled",
}


async def progress(session: Session, request: str) -> Outcome:
    """Published once LINE is done sending. Raises Rejected when it could not, and nobody received it."""
    told = await channel(session).read("/v2/bot/message/progress/narrowcast", {"requestId": request})
    if told.get("phase") == "succeeded":
        return Published(request)
    if told.get("phase") == "failed":
        reason = FAILED.get(int(told.get("errorCode") or 1), "narrowcast_failed")
        raise Rejected("options", reason, said=str(told.get("failedDescription") or ""))
    # It is waiting or being sent, or in a phase nobody knew when this was written: asked again.
    return Processing(json.dumps({"request": request}), poll_after=EVERY)
