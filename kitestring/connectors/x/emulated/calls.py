"""What X calls the address of an app with: events of the X Activity API, signed; and its trial of an address (CRC).

Source: docs.x.com/x-api/activity/event-payloads; docs.x.com/x-api/webhooks/quickstart
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectorkit.signing import base64ed
from kitestring.connectors.x.emulated.world import World

API_SECRET = "api-key-secret-of-the-app"  # noqa: S105 - the emulated app's
CRC = "MGRhYzI2ODgtZDQ3My00NDk3LWI0YWYtYjEzODY4YjM4NDFl"


def calls(platform: Platform) -> Iterator[Knock]:
    """What people wrote and no call has told."""
    world, told = World(platform), platform.memory.setdefault("x_told", [])
    for item in list(platform.items.values()):
        account = _named(world, item)
        if account and item.id not in told:
            told.append(item.id)
            yield _knock(_event(world, item, account))


def _named(world: World, item: Item) -> str:
    """The number of the account that it was written to; "" of what nobody is told."""
    if of := item.extra.get("of"):
        return str(of) if item.kind in ("message", "mention") else ""
    root = world.platform.items.get(item.root)
    return world.number(root.author) if root is not None and item.author != root.author else ""


def _event(world: World, item: Item, account: str) -> dict[str, Any]:
    if item.kind == "message":
        kind, payload = (
            "dm.received",
            {"id": world.id_of(item), "text": item.text, "event_type": "MessageCreate"},
        )
        payload["sender_id"] = world.number(item.author)
    else:
        kind, payload = "post.mention.create", {"id": world.id_of(item), "text": item.text}
        payload["author_id"] = world.number(item.author)
    return {
        "event_uuid": world.id_of(item), "filter": {"user_id": account}, "event_type": kind, "tag": "kitestring",
        "payload": payload,
    }  # fmt: skip


def _knock(event: Mapping[str, Any]) -> Knock:
    body = json.dumps({"data": event}).encode()
    signed = "sha256=" + base64ed(API_SECRET, body)
    headers = {"content-type": "application/json", "x-twitter-webhooks-signature": signed}
    return Knock("POST", {}, headers, body)


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How an address is tried when it is registered, and every hour after that."""
    return Knock("GET", {"crc_token": CRC, "nonce": "1"})


def answered(platform: Platform, asked: Knock, answer: str) -> bool:
    """Whether an address has answered as it must."""
    made = "sha256=" + base64ed(API_SECRET, asked.query["crc_token"].encode())
    return bool(json.loads(answer) == {"response_token": made})
