"""The comments under a post: the tree as Reddit cuts it, and the branches it left out ("more")."""

from __future__ import annotations

from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.reddit import ids
from kitestring.connectors.reddit.client import Api, rows, unwrapped

AT_ONCE: Final = 100  # comments that `morechildren` takes at a call
MOST_CALLS: Final = 20  # for one post in one fetch; answers to us beyond that are told by the inbox

Rows = list[dict[str, Any]]


async def comments(caller: Api, post: str) -> Rows:
    """Every comment under the post as far as the calls go; none where the post is not there any more."""
    found, left, deeper = await _under(caller, f"comments/{ids.short(post)}")
    calls, gone_down = 1, set(deeper)
    while (left or deeper) and calls < MOST_CALLS:
        calls += 1
        if left:
            asked, left = left[:AT_ONCE], left[AT_ONCE:]
            more, further, down = _flat(await _children(caller, post, asked))
        else:
            # Where that comment is gone, Reddit shows the whole tree again.
            more, further, down = await _under(caller, f"comments/{ids.short(post)}/_/{deeper.pop(0)}")
        known = {row.get("name") for row in found}
        found += [row for row in more if row.get("name") not in known]
        left += [one for one in further if f"t1_{one}" not in known and one not in left]
        deeper += [one for one in down if one not in gone_down]
        gone_down |= set(down)
    return found


async def _under(caller: Api, path: str) -> tuple[Rows, list[str], list[str]]:
    try:
        told = await caller.read(path, [("sort", "new"), ("limit", "500")])
    except Rejected as error:
        if error.reason in ("not_there", "not_permitted", "not_allowed_there"):
            return [], [], []
        raise
    if not isinstance(told, list) or len(told) < 2:
        raise shapes.odd(told)
    return _flat(rows(told[-1]))  # the post itself comes first


async def _children(caller: Api, post: str, asked: list[str]) -> Rows:
    form = {"link_id": post, "children": ",".join(asked), "sort": "new"}
    return unwrapped((await caller.change("api/morechildren", form)).get("things"))


def _flat(things: Rows) -> tuple[Rows, list[str], list[str]]:
    """(comments, ids left out, ids below which a thread goes on), from a tree, without walking it by recursion."""
    found: Rows = []
    left: list[str] = []
    deeper: list[str] = []
    waiting = list(things)
    while waiting:
        row = waiting.pop()
        if row.get("kind") == "t1":
            found.append(row)
            waiting += rows(row["replies"]) if row.get("replies") else []  # "" where nobody has answered
        elif row.get("kind") == "more" and row.get("children"):
            left += [str(one) for one in row["children"]]
        elif row.get("kind") == "more":
            deeper.append(ids.short(str(row.get("parent_id") or "")))
    return found, left, deeper
