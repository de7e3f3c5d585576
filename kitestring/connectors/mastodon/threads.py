"""Answers under our posts. A thread costs a call, so a look reads those where something is told to have happened, and some
of the others by turns: those of a few posts each time, all within the hour.

What tells: a notification of somebody who answered, and the post's count of answers, of twenty posts by one call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.contract import Incoming, Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import Server
from kitestring.connectors.mastodon.incoming import is_private, message_of
from kitestring.connectors.mastodon.metrics import AT_ONCE
from kitestring.connectors.mastodon.reading import is_new, reached

THREADS: Final = 15  # read in one look because something happened there
TURNS: Final = 8  # and because it is their turn
COUNTED: Final = 200  # posts whose answers are counted in one look
NOTHING: Final[dict[str, Any]] = {"to": "", "ids": []}

Kept = dict[str, dict[str, Any]]


async def read(
    session: Session, place: Server, posts: Sequence[str], state: dict[str, Any], told: dict[str, str]
) -> tuple[list[Incoming], Kept, dict[str, Any]]:
    """(answers not read before, how far each thread is read, where the next look goes on).

    `told`: posts of ours by the ids of answers that were told of. More threads than one look reads wait in `due`.
    """
    kept: Kept = {post: state["posts"][post] for post in posts if post in state["posts"]}
    counts, counted = await _counts(place, posts, str(state.get("counted") or ""))
    changed = [post for post, count in counts.items() if count != kept.get(post, NOTHING).get("n", 0)]
    waiting = [post for post in state.get("due") or [] if post in posts]
    due = list(dict.fromkeys([*waiting, *told.values(), *changed]))
    alive = [post for post in posts if counts.get(post, 1) and post not in due]
    turn = _after(alive, str(state.get("turn") or ""))[:TURNS]
    messages: list[Incoming] = []
    for post in [*due[:THREADS], *turn]:
        before = kept.get(post, NOTHING)
        below = await _below(place, post)
        fresh = [status for status in below if is_new(status, before)]
        messages += [message_of(session, status, "comment", post=post) for status in fresh]
        number = counts.get(post, before.get("n", 0))
        if below or number:
            kept[post] = {**reached(below, before), "n": number}
    return messages, kept, {"due": due[THREADS:], "turn": turn[-1] if turn else "", "counted": counted}


async def _counts(place: Server, posts: Sequence[str], last: str) -> tuple[dict[str, int], str]:
    """(direct answers by post, the last post counted). Servers before 4.3 do not tell of several at once: there all
    threads come by turns."""
    some, found = _after(posts, last)[:COUNTED], dict[str, int]()
    for start in range(0, len(some), AT_ONCE):
        part = some[start : start + AT_ONCE]
        try:
            told = await place.read("/api/v1/statuses", [("id[]", post) for post in part])
        except Rejected as error:
            if error.reason != "not_there":
                raise
            return {}, last
        found |= {str(one["id"]): int(one.get("replies_count") or 0) for one in shapes.sound(told, "id")}
    return found, some[-1] if some else ""


def _after(posts: Sequence[str], last: str) -> list[str]:
    """All of them, beginning behind that one."""
    at = posts.index(last) + 1 if last in posts else 0
    return [*posts[at:], *posts[:at]]


async def _below(place: Server, post: str) -> list[dict[str, Any]]:
    """What stands under the post; what only we can see of it is a message, no answer."""
    try:
        found = list((await place.read(f"/api/v1/statuses/{post}/context")).get("descendants") or [])
    except Rejected as error:
        if error.reason == "not_there":
            return []
        raise
    told = shapes.sound(found, "id", "account.id", "created_at")
    return [status for status in told if not is_private(status)]
