"""What TikTok calls the address of an app with: how each post on its way ended, once, signed with its time.

Source: developers.tiktok.com/doc/webhooks-events; developers.tiktok.com/doc/webhooks-verification
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from kitestring.connectorkit.consent import CLIENT, SECRET
from kitestring.connectorkit.emulation import Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectorkit.signing import hexed
from kitestring.connectors.tiktok.emulated.desk import open_id
from kitestring.connectors.tiktok.emulated.world import World

EVENTS = {
    "PUBLISH_COMPLETE": "post.publish.complete",
    "SEND_TO_USER_INBOX": "post.publish.inbox_delivered",
    "FAILED": "post.publish.failed",
}


def calls(platform: Platform) -> Iterator[Knock]:
    """What came to an end and no call has told; what is worked on is done with by then."""
    world = World(platform)
    told: list[str] = platform.memory.setdefault("tiktok_told", [])
    for number, one in world.kept.items():
        if one["status"] == "PROCESSING":
            one["status"], one["asked"] = "PUBLISH_COMPLETE", 2
        event = EVENTS.get(one["status"], "")
        if event and f"{number} {event}" not in told:
            told.append(f"{number} {event}")
            yield _knock(world, event, one["account"], number, draft=one["draft"])


def _knock(world: World, event: str, account: str, number: str, *, draft: bool) -> Knock:
    at = str(int(world.now().timestamp()))
    content = {"publish_id": number, "publish_type": "INBOX_SHARE" if draft else "DIRECT_PUBLISH"}
    body = json.dumps({
        "client_key": CLIENT, "event": event, "create_time": int(at), "user_openid": open_id(account),
        "content": json.dumps(content),
    }).encode()  # fmt: skip
    signed = f"t={at},s={hexed(SECRET, at.encode() + b'.' + body)}"
    return Knock("POST", {}, {"content-type": "application/json", "tiktok-signature": signed}, body)
