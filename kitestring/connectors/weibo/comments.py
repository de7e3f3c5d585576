"""Comments: their names here, where one goes, writing it, finding it again.

Weibo wants the post's number beside the comment's for every answer, so a comment is named by both: "POST_COMMENT".
Source: open.weibo.com/wiki: 2/comments/create, C/2/comments/reply/biz, 2/comments/by_me.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.weibo import settings, words
from kitestring.connectors.weibo.client import Api, newest, number

PAGE: Final = 50  # comments of one answer
MOST: Final = 5  # answers that are looked through


class Spot(NamedTuple):
    """Where a comment goes: on `post`, and there under `comment` ("" of none)."""

    post: str
    comment: str = ""


def name(post: str, comment: str) -> str:
    return f"{post}_{comment}"


def spot_of(remote_id: str) -> Spot:
    """A post or comment by its name. Raises Rejected("", "not_there") for what is no such name."""
    post, _, comment = remote_id.partition("_")
    if not post.isdecimal() or ("_" in remote_id and not comment.isdecimal()):
        raise Rejected("", "not_there", said=remote_id[:80])
    return Spot(post, comment)


def place(outgoing: Outgoing) -> Spot:
    return spot_of(outgoing.reply_to)


def post_of(row: dict[str, Any]) -> str:
    """The post that a comment of Weibo's answer hangs on."""
    status = row.get("status")
    return number(status) if isinstance(status, dict) else ""


def above(row: dict[str, Any]) -> str:
    """The comment that it answers; "" where it answers the post."""
    parent = row.get("reply_comment")
    return number(parent) if isinstance(parent, dict) else ""


async def mark(caller: Api) -> int:
    """The newest comment that the account wrote, by number; 0 of none."""
    return newest(await caller.rows("comments/by_me", "comments", bare=True, count="1"))


async def find(caller: Api, outgoing: Outgoing, text: str, since: int) -> str | None:
    """The eldest own comment since then at that place with these words."""
    spot, fits = place(outgoing), list[int]()
    for page in range(1, MOST + 1):
        found = await caller.rows(
            "comments/by_me", "comments", since_id=str(since), count=str(PAGE), page=str(page)
        )
        fits += [
            int(number(row))
            for row in found
            if int(number(row) or 0) > since
            and post_of(row) == spot.post
            and above(row) == spot.comment
            and words.same(text, str(row.get("text") or ""))
        ]
        if len(found) < PAGE:
            return name(spot.post, str(min(fits))) if fits else None
    if fits:
        return name(spot.post, str(min(fits)))
    raise Ambiguous("not_far_enough")


async def write(caller: Api, session: Session, outgoing: Outgoing, text: str) -> str:
    """Post it; its name."""
    spot = place(outgoing)
    form = {"id": spot.post, "comment": text, "comment_ori": "0", "rip": settings.rip(session)}
    if spot.comment:
        # Our words as they are: Weibo would put "回复@name:" before them.
        form |= {"cid": spot.comment, "without_mention": "1"}
    try:
        made = await caller.post("comments/reply" if spot.comment else "comments/create", form)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "deleted", said=error.said) from error
        raise
    return name(spot.post, number(made))
