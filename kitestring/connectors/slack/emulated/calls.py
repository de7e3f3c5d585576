"""What Slack calls the address of an app with: answers in threads and messages that name the bot; and its trial of an address.

Source: docs.slack.dev, apis/events-api; docs.slack.dev, authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectorkit.signing import hexed
from kitestring.connectors.slack.emulated import world

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - of Slack's own example
CHALLENGE = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"


def calls(platform: Platform) -> Iterator[Knock]:
    """What people wrote and no call has told."""
    told: list[str] = platform.memory.setdefault("slack_told", [])
    for item in list(platform.items.values()):
        event = _event(platform, item)
        if event and item.id not in told:
            told.append(item.id)
            body = {
                "token": "XXYYZZ", "team_id": "T0001", "api_app_id": "A0001", "event": event, "type": "event_callback",
                "event_id": f"Ev{item.id}", "event_time": int(float(event["ts"])),
            }  # fmt: skip
            yield knock(platform, body)


def _event(platform: Platform, item: Item) -> dict[str, Any]:
    said = {"ts": world.ts(item), "user": world.person(item.author), "text": item.text}
    if item.kind == "mention":
        return {"type": "app_mention", "channel": item.extra["of"], **said}
    root = platform.items.get(item.root) if item.parent else None
    if root is None:
        return {}
    where = {"channel": world.channel(root.author), "channel_type": "channel", "thread_ts": world.ts(root)}
    return {"type": "message", **where, **said}


def knock(platform: Platform, told: Mapping[str, Any]) -> Knock:
    """One signed call."""
    body, at = json.dumps(told).encode(), str(int(platform.clock().timestamp()))
    signed = "v0=" + hexed(SIGNING_SECRET, f"v0:{at}:".encode() + body)
    headers = {"x-slack-request-timestamp": at, "x-slack-signature": signed}
    return Knock("POST", {}, {"content-type": "application/json", **headers}, body)


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How an address is tried when it is typed in."""
    return knock(platform, {"token": "XXYYZZ", "challenge": CHALLENGE, "type": "url_verification"})


def answered(platform: Platform, asked: Knock, answer: str) -> bool:
    """Whether an address has answered as it must."""
    return bool(json.loads(answer) == {"challenge": CHALLENGE})
