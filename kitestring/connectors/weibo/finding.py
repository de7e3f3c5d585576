"""The account's own posts by this app, read back: which newer one is ours.

The open timeline shows a web app the five newest at most, of the account itself only (2/statuses/user_timeline at
open.weibo.com/wiki; that it is five: hearsay, so fewer or more are borne); the commercial one a hundred
(C/2/statuses/user_timeline/biz). `base_app` leaves out what was posted elsewhere.
"""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit.errors import Ambiguous
from kitestring.connectors.weibo import words
from kitestring.connectors.weibo.client import Api, newest, number

OPEN_PAGE: Final = 5
COMMERCIAL_PAGE: Final = 100


async def mark(caller: Api) -> int:
    """The newest post by this app, by number; 0 of none."""
    return newest(await _timeline(caller, bare=True))


async def find(caller: Api, text: str, since: int) -> str | None:
    """The eldest post by this app since then with these words.

    None when there surely is none: the list reaches back to what stood there before. Raises Ambiguous("not_far_enough").
    """
    rows = await _timeline(caller)
    ids = [int(number(row) or 0) for row in rows]
    fits = [
        one
        for one, row in zip(ids, rows, strict=True)
        if one > since and words.same(text, str(row.get("text") or ""))
    ]
    if fits:
        return str(min(fits))
    reached = any(one <= since for one in ids) or (since == 0 and len(rows) < _page(caller))
    if not reached:
        raise Ambiguous("not_far_enough")
    return None


async def _timeline(caller: Api, *, bare: bool = False) -> list[dict[str, Any]]:
    return await caller.rows(
        "statuses/user_timeline", "statuses", bare=bare, base_app="1", count=str(_page(caller))
    )


def _page(caller: Api) -> int:
    return COMMERCIAL_PAGE if caller.commercial else OPEN_PAGE
