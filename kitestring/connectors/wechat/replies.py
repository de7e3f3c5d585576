"""Answering a comment, which WeChat's interface allows exactly once: that rule is also what keeps us from twice."""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Outgoing, Published
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wechat import ids
from kitestring.connectors.wechat.client import App, listed

# "count" of 50 and more is refused.
PAGE = 49
PAGES = 200  # more than any article has: a list that goes on is not WeChat's own


async def send(caller: App, outgoing: Outgoing) -> Published:
    """Reply. If WeChat says "replied already", it was us when the words are ours."""
    there, number = ids.comment(outgoing.reply_to)
    payload = {
        "msg_data_id": there.data,
        "index": there.index,
        "user_comment_id": number,
        "content": outgoing.text,
    }
    try:
        await caller.call("/cgi-bin/comment/reply/add", payload, write=True)
    except Rejected as error:
        if error.reason == "already_replied" and (ours := await look_up(caller, outgoing)):
            return ours
        raise
    return Published(f"{outgoing.reply_to}r")


async def look_up(caller: App, outgoing: Outgoing) -> Published | None:
    """Our reply under that comment, by its words; None when there is none."""
    there, number = ids.comment(outgoing.reply_to)
    for row in await comments(caller, there):
        if int(row["user_comment_id"]) == number:
            said = (row.get("reply") or {}).get("content")
            return Published(f"{outgoing.reply_to}r") if said and _same(str(said), outgoing.text) else None
    return None


async def comments(caller: App, there: ids.Article) -> list[dict[str, Any]]:
    """Every comment of an article, page by page."""
    found, read = list[dict[str, Any]](), 0
    for _page in range(PAGES):
        asked = {
            "msg_data_id": there.data,
            "index": there.index,
            "begin": read,
            "count": PAGE,
            "type": 0,
        }
        told = await caller.call("/cgi-bin/comment/list", asked)
        page = listed(told, "comment", "total")
        read += len(page)
        found += shapes.sound(page, "user_comment_id")
        if not page or read >= int(told.get("total") or 0):
            return found
    raise shapes.odd("a list of comments without an end")


async def withdraw(caller: App, remote_id: str) -> None:
    """Delete our reply; the comment may then be answered again."""
    there, number = ids.comment(remote_id)
    payload = {"msg_data_id": there.data, "index": there.index, "user_comment_id": number}
    try:
        await caller.call("/cgi-bin/comment/reply/delete", payload, write=True)
    except Rejected as error:
        if error.reason not in {"gone", "comment_gone"}:
            raise


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()) == " ".join(other.split())
