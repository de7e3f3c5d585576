"""The Page's own posts, read back: what stood there before ours, and which newer one is ours.

Posts are told apart by name and time (createdAt, milliseconds); clocks of LinkedIn's servers may differ by a minute.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Final

from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectors.linkedin import drafting, little, urns
from kitestring.connectors.linkedin.client import PAGE, Api, rows

SKEW: Final = 60_000  # milliseconds
MOST: Final = 5  # answers of a hundred posts each that are looked through


async def newest(caller: Api, session: Session) -> tuple[int, list[str]]:
    """(the moment after which everything new comes, the posts known from about then)."""
    found = rows(await caller.read("posts", _query(session, 0), restli="FINDER"))
    since = max(0, max((_at(row) for row in found), default=0) - SKEW)
    return since, [str(row.get("id")) for row in found if _at(row) >= since]


async def find(caller: Api, session: Session, outgoing: Outgoing, since: int, seen: Set[str]) -> str | None:
    """The eldest own post since then, none of the `seen`, with these words."""
    ours, fits = drafting.wording(outgoing), list[tuple[int, str]]()
    for page in range(MOST):
        found = rows(await caller.read("posts", _query(session, page * PAGE), restli="FINDER"))
        fits += [
            (_at(row), str(row["id"]))
            for row in found
            if str(row.get("id") or "") not in seen | {""}
            and _at(row) >= since
            and little.same(ours, str(row.get("commentary") or ""))
        ]
        if len(found) < PAGE or min(map(_at, found)) < since:
            break
    return min(fits)[1] if fits else None


def _query(session: Session, start: int) -> str:
    return urns.query(
        [
            ("author", urns.encoded(session.remote_id)),
            ("q", "author"),
            ("count", str(PAGE)),
            ("start", str(start)),
            ("sortBy", "CREATED"),
        ]
    )


def _at(row: dict[str, Any]) -> int:
    value = row.get("createdAt")
    return int(value) if isinstance(value, int | float) else 0
