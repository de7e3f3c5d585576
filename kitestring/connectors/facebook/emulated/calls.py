"""What Facebook calls about Pages: a comment in the feed, a post that names the Page, a message.

Source: developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from __future__ import annotations

from kitestring.connectorkit.emulation import Item
from kitestring.connectorkit.hooks import Knock
from kitestring.connectors.facebook.emulated.world import World
from kitestring.providers.meta.emulated.calls import entry, message, seconds
from kitestring.providers.meta.emulated.desk import number


def call(world: World, item: Item) -> Knock:
    """The call about what somebody wrote."""
    person = {"id": number("person", item.author), "name": item.author_name or item.author}
    if item.kind == "message":
        return message("page", item.extra["of"], item, person["id"])
    if item.kind == "mention":
        page, field = item.extra["of"], "mention"
        value: dict[str, object] = {"item": "post", "post_id": f"{person['id']}_{item.id}", "verb": "add"}
    else:
        root = world.platform.items[item.root]
        page, field = root.id.partition("_")[0], "feed"
        value = {
            "item": "comment", "verb": "add", "comment_id": world.comment_id(item), "post_id": root.id,
            "parent_id": item.parent, "message": item.text, "from": world.author(item),
        }  # fmt: skip
    told: dict[str, object] = {"created_time": seconds(item.at), "from": person, **value}
    return entry("page", page, item.at, {"changes": [{"field": field, "value": told}]})
