"""Publish: the draft becomes a public page with an address, pushed to nobody. WeChat works on it, then tells the address."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.wechat.client import App, listed
from kitestring.connectors.wechat.ids import Article

KEY = "publish_id"
POLL = 5.0
UNDER_WAY = 1
FAILURES = {
    2: "original_check",
    3: "publish_failed",
    4: "review_failed",
    5: "deleted_there",
    6: "banned_there",
}
# The address of an article names its message: ...&mid=<msg_data_id>&idx=<number>...
_MID = re.compile(r"[?&]mid=(\d+)")
NEWEST = 20


async def start(session: Session, caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome:
    """Hand the draft over. Raises Ambiguous where it has left the box: an earlier try may have done so."""
    try:
        told = await caller.call("/cgi-bin/freepublish/submit", {"media_id": done["draft"]}, write=True)
    except Rejected as error:
        if error.reason == "draft_gone":
            raise Ambiguous("publish_unheard", said=error.said) from error
        raise
    if not told.get("publish_id"):
        raise Ambiguous("not_itself", said=str(told)[:200])
    done = {**done, "publish_id": str(told["publish_id"]), "data": int(told.get("msg_data_id") or 0)}
    return Processing(json.dumps(done), poll_after=POLL)


async def find(session: Session, caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome | None:
    """Among the newest published articles, by the cover: it was uploaded for this delivery and for no other.

    Its draft has left the box. Only what passed the review is listed, so an article that is not may still be in it, or it was
    refused, or somebody threw the draft away. Raises Ambiguous then: a person looks.
    """
    told = await caller.call("/cgi-bin/freepublish/batchget", {"offset": 0, "count": NEWEST, "no_content": 0})
    for item in listed(told, "item", "total_count"):
        for number, news in enumerate(item.get("content", {}).get("news_item") or (), start=1):
            if news.get("thumb_media_id") == done.get("cover"):
                return live(item, news, number)
    raise Ambiguous("publish_unheard")


def live(item: Mapping[str, Any], news: Mapping[str, Any], number: int = 1) -> Published:
    """What the list of published articles says of one."""
    address = str(news.get("url") or "")
    return Published(str(Article(_data(address), number, article_id=str(item["article_id"]))), address)


async def ask(caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome:
    """How far it is: under way, live with its address, or refused with the reason."""
    told = await caller.call("/cgi-bin/freepublish/get", {"publish_id": done["publish_id"]})
    status = int(told.get("publish_status", UNDER_WAY))
    if status == UNDER_WAY:
        return Processing(json.dumps(done), poll_after=POLL)
    if status in FAILURES:
        raise Rejected("text" if status in (2, 3, 4) else "account", FAILURES[status])
    items = (told.get("article_detail") or {}).get("item") or [{}]
    address = str(items[0].get("article_url") or "")
    there = Article(int(done.get("data") or 0) or _data(address), article_id=str(told["article_id"]))
    return Published(str(there), address)


def _data(address: str) -> int:
    found = _MID.search(address)
    return int(found[1]) if found else 0
