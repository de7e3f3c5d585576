"""What differs between two texts: line by line, and within a line by words; in Chinese, which has no spaces, by characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

Op = Literal["same", "gone", "new", "cut"]

# Scripts that are written without spaces: each of their characters is a word of its own here.
ALONE: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
# What is drawn as one sign stays one: a letter with its marks, an emoji with its joiners.
MARKS: Final = "[\u0300-\u036f\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]"
WORD: Final = re.compile(
    rf"[{ALONE}]|(?:[^\W{ALONE}]{MARKS}*)+(?:['’-][^\W{ALONE}]+)*|\s+|.{MARKS}*(?:\u200d.{MARKS}*)*", re.S
)
ALIKE: Final = 0.4  # below this two lines are not one line changed, but one gone and one new
MOST: Final = 4_000  # words of a line, or lines of a text, that are still compared one by one
AHEAD: Final = 8  # old lines among which a new one looks for its own
CONTEXT: Final = 1  # unchanged lines that stand around a change
LONG: Final = 140  # letters of a line without a change that are shown whole
KEPT: Final = 50  # letters of them that stay beside a change


@dataclass(frozen=True)
class Piece:
    """A run of a line: the same, gone, new, or `cut` (the same and long: its middle is left out)."""

    op: Op
    text: str


@dataclass(frozen=True)
class Line:
    """`op` "same", "gone", "new" or "changed"; "cut" stands for `count` unchanged lines, kept in `pieces` one a line."""

    op: Literal["same", "gone", "new", "changed", "cut"]
    pieces: tuple[Piece, ...]
    count: int = 1


def words(text: str) -> list[str]:
    return WORD.findall(text)


def differing(before: str, after: str) -> list[Line]:
    """The later text with its changes marked; nothing where both are the same."""
    if before == after:
        return []
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    if len(old) + len(new) > MOST:
        return [*_whole(old, "gone"), *_whole(new, "new")]
    found: list[Line] = []
    for op, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found += _whole(new[c:d], "same")
        else:
            found += _replaced(old[a:b], new[c:d])
    return list(_folded(found))


def count(lines: Sequence[Line]) -> int:
    """How many lines were changed, added or taken out."""
    return sum(1 for line in lines if line.op in ("changed", "gone", "new"))


def _whole(lines: Sequence[str], op: Literal["same", "gone", "new"]) -> list[Line]:
    return [Line(op, (Piece(op, text),)) for text in lines]


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    """Lines in place of others: each new one beside the first old one it is like, in order."""
    found: list[Line] = []
    at = 0
    for text in new:
        twin = next((i for i in range(at, min(at + AHEAD, len(old))) if _alike(old[i], text)), None)
        if twin is None:
            found += _whole([text], "new")
            continue
        found += _whole(old[at:twin], "gone")
        found.append(Line("changed", tuple(_within(old[twin], text))))
        at = twin + 1
    # What has no twin at all is read before what came in its place.
    first = (
        next((i for i, line in enumerate(found) if line.op == "new"), len(found)) if at == 0 else len(found)
    )
    found[first:first] = _whole(old[at:], "gone")
    return found


def _alike(old: str, new: str) -> bool:
    if not old.strip() or not new.strip():
        return False
    before, after = words(old), words(new)
    if max(len(before), len(after)) > MOST:
        return False
    return SequenceMatcher(None, before, after, autojunk=False).ratio() >= ALIKE


def _within(old: str, new: str) -> Iterator[Piece]:
    """One line's changes; a single sign between two changes belongs to both, or the line falls to crumbs."""
    before, after = words(old), words(new)
    runs: list[tuple[str, str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        runs.append(("same" if tag == "equal" else "changed", "".join(before[a:b]), "".join(after[c:d])))
    joined: list[tuple[str, str, str]] = []
    for at, (op, gone, new_) in enumerate(runs):
        crumb = op == "same" and 0 < at < len(runs) - 1 and len(gone.strip()) < 2
        kind = "changed" if crumb else op
        if joined and joined[-1][0] == kind == "changed":
            gone, new_ = joined[-1][1] + gone, joined[-1][2] + new_
            joined.pop()
        joined.append((kind, gone, new_))
    for at, (op, gone, new_) in enumerate(joined):
        if op == "same":
            yield from _shortened(new_, first=at == 0, last=at == len(joined) - 1)
            continue
        if gone:
            yield Piece("gone", gone)
        if new_:
            yield Piece("new", new_)


def _shortened(text: str, *, first: bool, last: bool) -> Iterator[Piece]:
    """A long unchanged run keeps what stands beside a change."""
    if len(text) <= LONG:
        yield Piece("same", text)
        return
    head, tail = (0 if first else KEPT), (0 if last else KEPT)
    end = len(text) - tail
    if head:
        yield Piece("same", text[:head])
    yield Piece("cut", text[head:end])
    if tail:
        yield Piece("same", text[end:])


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    """Runs of unchanged lines that no change stands beside are one."""
    near = {
        other
        for at, line in enumerate(lines)
        if line.op != "same"
        for other in range(at - CONTEXT, at + CONTEXT + 1)
    }
    far: list[Line] = []
    for at, line in enumerate(lines):
        if at in near:
            yield from _run(far)
            far = []
            yield line if line.op != "same" else _short(line)
        else:
            far.append(line)
    yield from _run(far)


def _short(line: Line) -> Line:
    return Line("same", tuple(_shortened(line.pieces[0].text, first=False, last=False)))


def _run(far: list[Line]) -> list[Line]:
    if len(far) < 2:
        return far
    return [Line("cut", tuple(line.pieces[0] for line in far), len(far))]
