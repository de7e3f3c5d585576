"""The emulated WeChat's template messages: the account's list, and one sent to a follower whenever they wrote.

`platform.memory["wechat"]["templates"]` is the list. Documented are both calls and 40037; 47003 with its words is recorded by
others; that a value is refused by the length of its sort, and that an id already taken sends nothing more, is assumed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.wechat.emulated import talks
from kitestring.connectors.wechat.emulated.world import Refused, World

TEMPLATES = [
    {
        "template_id": "iPk5sOIt5X_flOVKn5GrTFpncEYTojx6ddbt8WYoV5s",
        "title": "订单发货提醒",
        "primary_industry": "IT科技",
        "deputy_industry": "互联网|电子商务",
        "content": "订单编号：{{character_string1.DATA}}\n商品名称：{{thing2.DATA}}\n",
        "example": "订单编号：20261130001\n商品名称：明前龙井\n",
    }
]
_BLANK = re.compile(r"\{\{(\w+)\.DATA\}\}")
LONGEST = {"thing": 20, "character_string": 32}


def listed(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"template_list": world.setting("templates", TEMPLATES)}


def send(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    found = [
        one for one in world.setting("templates", TEMPLATES) if one["template_id"] == asked.get("template_id")
    ]
    if not found:
        raise Refused(40037, "invalid template_id rid: 6756558c-3b9ea92b-71c5812a")
    who = str(asked.get("touser", ""))
    theirs = talks.known(world, who)
    content, data = found[0]["content"], asked.get("data") or {}
    for name in _BLANK.findall(content):
        value = str((data.get(name) or {}).get("value", ""))
        if not value or len(value) > LONGEST.get(name.rstrip("0123456789"), 200):
            raise Refused(
                47003, f"argument invalid! data.{name}.value invalid rid: 6756b681-3ba38c74-1cfb469c"
            )
        content = content.replace(f"{{{{{name}.DATA}}}}", value)
    sent, key = world.part("notices"), f"{who} {asked.get('client_msg_id') or world.next()}"
    if key not in sent:
        sent[key] = int(world.next())
        made = Item(
            str(sent[key]), world.who, content, world.platform.clock().isoformat(), author_name=world.who
        )
        made.kind, made.root, made.extra = "message", theirs.root, {"unnamed": True}
        world.platform.add(made)
    return {"msgid": sent[key]}
