"""What LinkedIn calls the address of an app with: comments under a Page's posts; and how it tries an address.

Source: learn.microsoft.com/linkedin/shared/api-guide/webhook-validation; organization-social-action-notifications (its example's
fields as public code has them)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from kitestring.connectorkit.consent import SECRET
from kitestring.connectorkit.emulation import Item, Platform
from kitestring.connectorkit.hooks import Knock
from kitestring.connectorkit.signing import hexed
from kitestring.connectors.linkedin.emulated.world import World

CODE = "890e4665-4dfe-4ab1-b689-ed553bceeed0"


def calls(platform: Platform) -> Iterator[Knock]:
    """What people wrote under posts of Pages and no call has told."""
    world, told = World(platform), platform.memory.setdefault("linkedin_told", [])
    for item in list(platform.items.values()):
        root = platform.items.get(item.root) if item.parent else None
        page = str(root.extra.get("actor") or "") if root is not None else ""
        if root is not None and page.startswith("urn:li:organization:") and item.id not in told:
            told.append(item.id)
            yield _knock(world, item, root, page)


def _knock(world: World, item: Item, root: Item, page: str) -> Knock:
    row = {
        "notificationId": 100 + len(world.platform.items), "organizationalEntity": page, "action": "COMMENT",
        "sourcePost": root.id, "generatedActivity": world.comment_name(item), "lastModifiedAt": world.at(item),
        "decoratedGeneratedActivity": {"comment": {"owner": world.actor(item), "text": item.text}},
    }  # fmt: skip
    body = json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [row]}).encode()
    headers = {"content-type": "application/json", "x-li-signature": hexed(SECRET, b"hmacsha256=" + body)}
    return Knock("POST", {}, headers, body)


def challenge(platform: Platform, secrets: Mapping[str, str]) -> Knock:
    """How an address is tried when it is registered, and every two hours after that."""
    return Knock("GET", {"challengeCode": CODE})


def answered(platform: Platform, asked: Knock, answer: str) -> bool:
    """Whether an address has answered as it must."""
    made = {"challengeCode": CODE, "challengeResponse": hexed(SECRET, CODE.encode())}
    return bool(json.loads(answer) == made)
