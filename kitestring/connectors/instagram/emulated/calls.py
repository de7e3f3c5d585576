"""What Instagram calls about accounts: a comment, a post that names the account, a message.

Source: developers.facebook.com/docs/graph-api/webhooks/reference/instagram
"""

from __future__ import annotations

from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.instagram.emulated.world import World
from kitestring.providers.meta.emulated.calls import entry, message
from kitestring.providers.meta.emulated.desk import number


def call(world: World, item: Item) -> Knock:
    """The call about what somebody wrote."""
    person = number("person", item.author)
    if item.kind == "message":
        return message("instagram", item.extra["of"], item, person)
    if item.kind == "mention":
        account, field, value = item.extra["of"], "mentions", {"media_id": item.id}
        return entry("instagram", account, item.at, {"changes": [{"field": field, "value": value}]})
    root = world.platform.items[item.root]
    said = {
        "id": item.id, "text": item.text, "from": {"id": person, "username": item.author},
        "media": {"id": root.id, "media_product_type": "FEED"},
        **({"parent_id": item.parent} if item.parent != root.id else {}),
    }  # fmt: skip
    changes = [{"field": "comments", "value": said}]
    return entry("instagram", number("ig", root.author), item.at, {"changes": changes})
