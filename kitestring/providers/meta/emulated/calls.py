"""What Meta calls the address of an app with, for emulators: each thing once, signed as Meta signs; and how it tries an address.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from kitestring.connectorkit.consent import SECRET
from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.providers.meta.signing import signature

CHALLENGE = "1158201444"


def untold(platform: Platform) -> Iterator[Item]:
    """What people wrote and no call has told."""
    told: list[str] = platform.memory.setdefault("meta_told", [])
    for item in list(platform.items.values()):
        people = (item.kind in ("message", "mention") and item.extra.get("of")) or item.parent
        if people and item.id not in told:
            told.append(item.id)
            yield item


def knock(body: Mapping[str, Any]) -> Knock:
    """One call with this body."""
    words = json.dumps(body).encode()
    headers = {"content-type": "application/json", "x-hub-signature-256": signature(words, SECRET)}
    return Knock("POST", {}, headers, words)


def entry(name: str, account: str, at: str, told: Mapping[str, Any]) -> Knock:
    """A call about one object of a sort."""
    row = {"id": account, "time": seconds(at), **told}
    return knock({"object": name, "entry": [row]})


def message(name: str, account: str, item: Item, person: str) -> Knock:
    """Somebody wrote to an account in private."""
    said = {"mid": f"m_{item.id}", "text": item.text}
    row = {"sender": {"id": person}, "recipient": {"id": account}, "timestamp": seconds(item.at) * 1000}
    return entry(name, account, item.at, {"messaging": [{**row, "message": said}]})


def seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How an address is tried when it is saved in the dashboard."""
    asked = {"hub.mode": "subscribe", "hub.challenge": CHALLENGE}
    return Knock("GET", {**asked, "hub.verify_token": secrets["verify_token"]})


def answered(platform: Platform, asked: Knock, answer: str) -> bool:
    """Whether an address has answered as it must."""
    return answer == CHALLENGE
