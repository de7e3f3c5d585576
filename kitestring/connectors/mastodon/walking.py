"""Lists that the server gives newest first, page by page: each look reads a bounded part, and the next goes on below it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

# What is told of may be told late, below what was read: so much of a list is looked through again.
AGAIN: Final = timedelta(minutes=25)


@dataclass(frozen=True)
class Row:
    """One of the list: `below` turns the page to what is older than it (`max_id`)."""

    id: str
    at: datetime
    below: str
    body: dict[str, Any]


@dataclass
class Walked:
    """What a look brought: rows not known before, known ones met on the way, and where the next look goes on.

    A gap is {"below": id, "until": moment}: what is older than the one and younger than the other is not read yet.
    """

    new: list[Row] = field(default_factory=list)
    met: list[Row] = field(default_factory=list)
    gaps: list[dict[str, str]] = field(default_factory=list)


async def walk(
    page_of: Callable[[str], Awaitable[Sequence[Row]]],
    gaps: Sequence[dict[str, str]],
    *,
    since: datetime,
    known: Callable[[Row], bool],
    pages: int,
) -> Walked:
    """From the top down to `since`, then what earlier looks left below; no more than so many pages in all.

    A page of which everything is known ends a stretch: what is below it was read before.
    """
    found, seen, left = Walked(), set[str](), pages
    for gap in ({"below": "", "until": since.isoformat()}, *gaps):
        below, until, ended = gap["below"], datetime.fromisoformat(gap["until"]), False
        while left and not ended:
            page, left = await page_of(below), left - 1
            young = [row for row in page if row.at > until]
            new = [row for row in young if row.id not in seen and not known(row)]
            found.new += new
            found.met += [row for row in young if row.id not in seen and known(row)]
            seen |= {row.id for row in young}
            ended = len(young) < len(page) or not new
            below = page[-1].below if page else below
        if not ended:
            found.gaps.append({"below": below, "until": gap["until"]})
    return found


def newest_first(ids: Collection[str], most: int) -> list[str]:
    """The newest of them, by the server's ids: numbers, or texts of one length, that grow."""
    return sorted(ids, key=lambda one: (len(one), one), reverse=True)[:most]
