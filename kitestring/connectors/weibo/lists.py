"""Weibo's lists, newest first, by growing numbers: a look reads a bounded part, and the next goes on below where it ended.

What is kept of a list: {"after": the number from which on all is read again, "seen": those above it that came in, "gaps":
[{"below", "above", "due"}] of numbers between which is not read yet, or is read once more from that moment on, "begun"}.
Source: open.weibo.com/wiki: 2/comments/timeline, C/2/comments/to_me/biz, C/2/comments/mentions/biz (since_id, max_id).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectors.weibo import words
from kitestring.connectors.weibo.client import Api, newest, number
from kitestring.kit import clock

PAGE: Final = 50
MOST: Final = 10  # answers of fifty that one look reads of a list; the first time two
FIRST: Final = 2
# Weibo looks a comment over before others see it, and it keeps its number: what is younger is read again.
LATE: Final = timedelta(minutes=10)

Rows = list[dict[str, Any]]
Gap = dict[str, Any]


async def read(caller: Api, name: str, under: str, mark: dict[str, Any]) -> tuple[Rows, dict[str, Any]]:
    """(rows that did not come in before, what is kept of the list now)."""
    after, now = int(mark.get("after") or 0), clock.now()
    first = not (after or mark.get("begun"))
    start: Gap = {"below": 0, "above": after}
    top, below, ended, left = await _stretch(caller, name, under, start, FIRST if first else MOST)
    gaps, cut, full = list[Gap](), not ended and not first, not ended and first
    if cut:
        gaps.append({"below": below, "above": after})
        if _young(top, now):  # what was read may be looked over still: once more, when that is surely done
            gaps.append({"below": newest(top), "above": below, "due": (now + LATE).isoformat()})
    rows = list(top)
    for gap in mark.get("gaps") or []:
        if not left or (gap.get("due") and datetime.fromisoformat(gap["due"]) > now):
            gaps.append(gap)
            continue
        found, below, ended, left = await _stretch(caller, name, under, gap, left)
        rows += found
        gaps += [] if ended else [{"below": below, "above": gap["above"]}]
    known = {int(one) for one in mark.get("seen") or []}
    fresh = list({number(row): row for row in rows if int(number(row)) not in known}.values())
    after = max(after, newest(top) if cut else _settled(top, now, full=full))
    floor = min([after, *(int(gap["above"]) for gap in gaps)])
    seen = sorted(one for one in known | {int(number(row)) for row in rows} if one > floor)
    return fresh, {"after": after, "gaps": gaps, "seen": seen, "begun": True}


async def _stretch(caller: Api, name: str, under: str, gap: Gap, left: int) -> tuple[Rows, int, bool, int]:
    """(rows of the stretch, the number not above which the rest lies, whether it was read to its end, answers left).

    A page may be a few short of fifty, since what was taken down is left out of it.
    """
    above, below, rows = int(gap["above"]), int(gap["below"]), Rows()
    while left:
        more = {"count": str(PAGE)} | ({"since_id": str(above)} if above else {})
        page = await caller.rows(name, under, bare=True, **more, **({"max_id": str(below)} if below else {}))
        left -= 1
        numbers = [int(number(row) or 0) for row in page]
        some = [one for one in numbers if one > above and (not below or one <= below)]
        rows += [row for row, one in zip(page, numbers, strict=True) if one in some]
        if not some or len(page) < PAGE // 2:
            return rows, below, True, left
        below = min(some) - 1
    return rows, below, False, left


def _young(rows: Sequence[dict[str, Any]], now: datetime) -> bool:
    return any(words.at(row.get("created_at")) > now - LATE for row in rows)


def _settled(top: Rows, now: datetime, *, full: bool) -> int:
    """From which number on the next look reads: the newest that is settled. A first look that found more than it reads
    (`full`) goes no further down."""
    settled = newest([row for row in top if words.at(row.get("created_at")) <= now - LATE])
    lowest = min((int(number(row)) for row in top), default=1) - 1 if full else 0
    return max(settled, lowest)
