"""What the forum's webhook posts, signed as Discourse signs it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.discourse.emulated.shown import Shown
from kitestring.connectors.discourse.emulated.world import World

# What the serializer leaves out (app/serializers/web_hook_post_serializer.rb).
LEFT_OUT = {
    "can_edit",
    "can_delete",
    "can_recover",
    "can_see_hidden_post",
    "can_wiki",
    "actions_summary",
    "yours",
}
LEFT_OUT |= {
    "can_view_edit_history",
    "flair_url",
    "flair_bg_color",
    "flair_color",
    "badges_granted",
    "readers_count",
}


def knock(event: str, kind: str, body: dict[str, Any], secret: str) -> Knock:
    raw = json.dumps(body, ensure_ascii=False).encode()
    sign = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-discourse-event-id": "1",
        "x-discourse-event-type": kind,
        "x-discourse-event": event,
        "x-discourse-event-signature": sign,
    }
    return Knock("POST", {}, headers, raw)


def created(world: World, item: Item, secret: str) -> Knock:
    """Somebody wrote a post."""
    told = {k: v for k, v in Shown(world).post(item).items() if k not in LEFT_OUT}
    archetype = "private_message" if item.kind == "message" else "regular"
    told |= {
        "topic_title": item.title,
        "topic_archetype": archetype,
        "topic_posts_count": 1,
        "category_id": 1,
    }
    return knock("post_created", "post", {"post": told}, secret)


def untold(world: World) -> list[Item]:
    """Posts that no call has told yet; each is given out once."""
    told: list[str] = world.platform.memory.setdefault("discourse_pushed", [])
    found = [i for i in world.platform.items.values() if i.visible and i.id not in told]
    told.extend(item.id for item in found)
    return found
