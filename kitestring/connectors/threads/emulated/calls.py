"""What Threads calls about accounts: an answer under a post of the account, or a post that names it.

Source: developers.facebook.com/docs/threads/webhooks
"""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.consent import CLIENT
from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.threads.emulated.world import World
from kitestring.providers.meta.emulated.calls import knock, seconds
from kitestring.providers.meta.emulated.desk import number
from kitestring.providers.meta.emulated.talks import written


def call(world: World, item: Item) -> Knock:
    """The call about what somebody wrote."""
    said: dict[str, Any] = {
        "id": item.id, "username": item.author, "text": item.text, "media_type": "TEXT_POST",
        "permalink": f"{world.home}/@{item.author}/post/{item.id}", "shortcode": item.id, "timestamp": written(item.at),
    }  # fmt: skip
    if item.kind == "mention":
        return _told("interaction", item.extra["of"], "mentions", said, item)
    root = world.platform.items[item.root]
    owner = number("threads", root.author)
    said |= {
        "replied_to": {"id": item.parent},
        "root_post": {"id": root.id, "owner_id": owner, "username": root.author},
    }
    return _told("moderate", owner, "replies", said, item)


def _told(topic: str, account: str, field: str, value: dict[str, Any], item: Item) -> Knock:
    body = {
        "app_id": CLIENT, "topic": topic, "target_id": account, "time": seconds(item.at), "subscription_id": "234567",
        "has_uid_field": False, "values": {"value": value, "field": field},
    }  # fmt: skip
    return knock(body)
