"""Who names the account, or quotes it: the server's notifications of these two sorts. One call tells of all answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from kitestring.connectorkit import shapes
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import Server
from kitestring.connectors.mastodon.incoming import at_of
from kitestring.connectors.mastodon.walking import Row, newest_first, walk

PAGE: Final = 80  # the most the server gives at once
PAGES: Final = 5
MOST_KNOWN: Final = 2000
# "quote" is known to servers from 4.5 on; older ones leave out what they do not know.
SORTS: Final = (("types[]", "mention"), ("types[]", "quote"))


async def fetch(
    place: Server, since: datetime, state: dict[str, Any]
) -> tuple[list[dict[str, Any]], datetime, dict[str, Any]]:
    """(the posts behind those not told of before, when the newest was told, how far they are read now).

    `state`: {"ids": those known, "gaps": see walking}. What the account's own filters hold back stays out. A token without the
    right to read them (`read:notifications`) is no end of the consent: nothing is told then.
    """
    known = set(state.get("ids") or [])

    async def page_of(below: str) -> Sequence[Row]:
        more = [("max_id", below)] if below else []
        page = await place.read("/api/v1/notifications", [*SORTS, ("limit", str(PAGE)), *more])
        return shapes.each(page, lambda one: Row(str(one["id"]), at_of(one), str(one["id"]), one))

    try:
        found = await walk(
            page_of, state.get("gaps") or [], since=since, known=lambda row: row.id in known, pages=PAGES
        )
    except Rejected as error:
        if error.reason != "scope_missing":
            raise
        return [], since, state
    told = shapes.sound(
        (row.body["status"] for row in found.new if row.body.get("status")), "id", "account.id", "created_at"
    )
    ids = newest_first(known | {row.id for row in found.new}, MOST_KNOWN)
    newest = max((row.at for row in found.new), default=since)
    return told, newest, {"ids": ids, "gaps": found.gaps}
