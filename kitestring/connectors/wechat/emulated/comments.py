"""The emulated WeChat's comments: listed by article, one author's reply each; elected (public) unless held or taken back.

That each is elected by itself is one way an account may be set; `item.extra["held"]` is a comment that was not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kitestring.connectorkit.emulation import Item
from kitestring.connectors.wechat.emulated.talks import openid
from kitestring.connectors.wechat.emulated.world import Refused, World

LONGEST = 600
# How many of one article may be elected by hand: assumed.
ELECTED = 100


def listed(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A page of comments; 50 and more at once are refused."""
    if not 0 < int(asked.get("count", 0)) < 50:
        raise Refused(88010, "count range error. cout <= 0 or count > 50")
    article = _article(world, asked)
    rows = [_row(world, item) for item in _from_readers(world, article)]
    first = int(asked.get("begin", 0))
    return {"total": len(rows), "comment": rows[first : first + int(asked["count"])]}


def reply(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The author's reply, once."""
    article, text = _article(world, asked), str(asked.get("content", "")).strip()
    comment = _comment(world, article, asked)
    if not 0 < len(text) <= LONGEST:
        raise Refused(88007, "reply content beyond max len or content len is zero")
    if _reply_to(world, comment) is not None:
        raise Refused(88005, "already reply")
    name = f"{article.id}#{comment.id}r"
    at = world.platform.clock().isoformat()
    world.platform.add(
        Item(name, world.who, text, at, parent=comment.id, root=article.id, author_name=world.who)
    )
    return {}


def take_back(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    article = _article(world, asked)
    said = _reply_to(world, _comment(world, article, asked))
    if said is None:
        raise Refused(88009, "reply is not exists")
    world.platform.remove(said.id)
    return {}


def elect(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Show it to everybody."""
    article = _article(world, asked)
    comment = _comment(world, article, asked)
    if not _elected(comment):
        if sum(_elected(one) for one in _from_readers(world, article)) >= ELECTED:
            raise Refused(88003, "elected comment beyond limit")
        comment.extra |= {"hidden": False, "held": False}
    return {}


def unelect(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    _comment(world, _article(world, asked), asked).extra["hidden"] = True
    return {}


def delete(world: World, asked: Mapping[str, Any]) -> dict[str, Any]:
    """With the reply it has."""
    comment = _comment(world, _article(world, asked), asked)
    if said := _reply_to(world, comment):
        world.platform.remove(said.id)
    world.platform.remove(comment.id)
    return {}


def _article(world: World, asked: Mapping[str, Any]) -> Item:
    if world.setting("without_comments", False):
        raise Refused(88000, "without comment privilege")
    article = world.item(str(asked.get("msg_data_id", "")))
    if article is None or article.author != world.who:
        raise Refused(88001, "msg_data is not exists")
    return article


def _from_readers(world: World, article: Item) -> list[Item]:
    return [c for c in world.platform.comments(article.id) if c.author != article.author]


def _comment(world: World, article: Item, asked: Mapping[str, Any]) -> Item:
    wanted = str(asked.get("user_comment_id", ""))
    for comment in _from_readers(world, article):
        if comment.id == wanted:
            return comment
    raise Refused(88008, "comment is not exists")


def _reply_to(world: World, comment: Item) -> Item | None:
    article = world.platform.items[comment.root]
    said = (c for c in world.platform.comments(comment.root) if c.parent == comment.id)
    return next((c for c in said if c.author == article.author), None)


def _elected(item: Item) -> bool:
    return not (item.extra.get("hidden") or item.extra.get("held"))


def _row(world: World, item: Item) -> dict[str, Any]:
    said = _reply_to(world, item)
    row: dict[str, Any] = {
        "user_comment_id": int(item.id),
        "create_time": _unix(item.at),
        "content": item.text,
        "comment_type": int(_elected(item)),
        "openid": openid(item.author),
    }
    if said is not None:
        row["reply"] = {"content": said.text, "create_time": _unix(said.at)}
    return row


def _unix(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())
