"""Who names the account, or quotes it: the server's notifications of these two sorts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.mastodon.client import Server
from kitestring.connectors.mastodon.incoming import at_of

PAGE: Final = 80  # the most the server gives at once
PAGES: Final = 5
# "quote" is known to servers from 4.5 on; older ones leave out what they do not know.
SORTS: Final = (("types[]", "mention"), ("types[]", "quote"))


async def fetch(place: Server, since: datetime) -> list[dict[str, Any]]:
    """The posts behind them, those told of since then. What the account's own filters hold back stays out.

    A token without the right to read them (`read:notifications`) is no end of the consent: nothing is told then.
    """
    found: list[dict[str, Any]] = []
    params = [*SORTS, ("limit", str(PAGE))]
    for _ in range(PAGES):
        try:
            page = await place.read("/api/v1/notifications", params)
        except Rejected as error:
            if error.reason != "scope_missing":
                raise
            return found
        fresh = [one for one in page if at_of(one) > since]
        found += [one["status"] for one in fresh if one.get("status")]
        if len(page) < PAGE or len(fresh) < len(page):
            break
        params = [*SORTS, ("limit", str(PAGE)), ("max_id", str(page[-1]["id"]))]
    return found
