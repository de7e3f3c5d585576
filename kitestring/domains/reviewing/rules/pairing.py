"""Lines that stand in place of others: which is which, and what changed within it; in Chinese, without spaces, by characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from kitestring.domains.reviewing.rules.matching import Block, Budget, blocks
from kitestring.domains.reviewing.rules.pieces import Line, Piece, shortened, whole

# Scripts that are written without spaces: each of their characters is a word of its own here.
ALONE: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
# What is drawn as one sign stays one: a letter with its marks, an emoji with its joiners.
MARKS: Final = "[\u0300-\u036f\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]"
WORD: Final = re.compile(
    rf"[{ALONE}]|(?:[^\W{ALONE}]{MARKS}*)+(?:['’-][^\W{ALONE}]+)*|\s+|.{MARKS}*(?:\u200d.{MARKS}*)*", re.S
)
ALIKE: Final = 0.4  # below this share of words two lines are not one line changed, but one gone and one new
AHEAD: Final = 8  # old lines among which a new one looks for its own
LETTERS: Final = 4  # that are read in the time of one step


def words(text: str) -> list[str]:
    return WORD.findall(text)


class Row:
    """A line that is cut into words once, when it is first asked for; spaces are none."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] | None = None
        self.bag: Counter[str] = Counter()

    def read(self, budget: Budget) -> list[str] | None:
        """None: too long for what is left of the budget."""
        if self.words is None and budget.affords(1 + len(self.text) // LETTERS):
            self.words = words(self.text)
            self.bag = Counter(one for one in self.words if one.strip())
        return self.words


def replaced(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Line]:
    """Each new line beside the first old one it is like, in order; what has no twin: gone before new."""
    rows = [(place, Row(text)) for place, text in enumerate(old) if text.strip()]
    found: list[Line] = []
    at = a = c = 0
    for place, text in enumerate(new):
        if not text.strip():
            continue
        row = Row(text)
        for n in range(at, min(at + AHEAD, len(rows))):
            twin, was = rows[n]
            if (alike := _alike(was, row, budget)) is None:
                continue
            found += _between(old[a:twin], new[c:place])
            found.append(Line("changed", tuple(_within(was, row, alike))))
            at, a, c = n + 1, twin + 1, place + 1
            break
    return found + _between(old[a:], new[c:])


def _between(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Lines that have no twin, part by part: an empty line of the one side is that of the other."""
    sides = [_parts(side) for side in (old, new)]
    found: list[Line] = []
    for n in range(max(len(side) for side in sides)):
        gone, come = (side[n] if n < len(side) else [] for side in sides)
        if gone and come and not gone[0].strip() and not come[0].strip():
            found += whole(come[:1], "same")
            gone, come = gone[1:], come[1:]
        found += whole(gone, "gone") + whole(come, "new")
    return found


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """Each but the first begins with an empty line."""
    parts: list[list[str]] = [[]]
    for text in lines:
        if not text.strip():
            parts.append([])
        parts[-1].append(text)
    return parts


def _alike(old: Row, new: Row, budget: Budget) -> list[Block] | None:
    """How their words lie side by side, if enough are the same. What is cheap to know is asked first."""
    before, after = old.read(budget), new.read(budget)
    if before is None or after is None:
        return None
    sizes = (old.bag.total(), new.bag.total())
    least = ALIKE * sum(sizes) / 2
    if min(sizes) < least or not budget.affords(len(old.bag)) or (old.bag & new.bag).total() < least:
        return None
    found = blocks(before, after, budget)
    same = sum(1 for block in found if block.same for one in before[block.a : block.b] if one.strip())
    return found if same >= least else None


def _within(old: Row, new: Row, found: Sequence[Block]) -> Iterator[Piece]:
    """One line's changes; a single sign between two changes belongs to both, or the line falls to crumbs."""
    before, after = old.words or [], new.words or []
    joined: list[tuple[bool, str, str]] = []
    for at, (same, a, b, c, d) in enumerate(found):
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        crumb = same and 0 < at < len(found) - 1 and len(gone.strip()) < 2
        stays = same and not crumb
        if joined and not joined[-1][0] and not stays:
            _was, earlier, later = joined.pop()
            gone, come = earlier + gone, later + come
        joined.append((stays, gone, come))
    for at, (stays, gone, come) in enumerate(joined):
        if stays:
            yield from shortened(come, first=at == 0, last=at == len(joined) - 1)
            continue
        if gone:
            yield Piece("gone", gone)
        if come:
            yield Piece("new", come)
