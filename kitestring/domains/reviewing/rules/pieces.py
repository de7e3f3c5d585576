"""How a difference between two texts is told: lines, and runs within a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Op = Literal["same", "gone", "new", "cut"]
LONG: Final = 140  # letters of a line without a change that are shown whole
KEPT: Final = 50  # letters of them that stay beside a change


@dataclass(frozen=True)
class Piece:
    """A run of a line: the same, gone, new, or `cut` (the same and long: its middle is left out)."""

    op: Op
    text: str


@dataclass(frozen=True)
class Line:
    """`op` "same", "gone", "new" or "changed"; "cut" stands for `count` unchanged lines, kept in `pieces` one a line.

    Of the others one with a `count` is so many lines in one, line breaks and all.
    """

    op: Literal["same", "gone", "new", "changed", "cut"]
    pieces: tuple[Piece, ...]
    count: int = 1


def whole(lines: Sequence[str], op: Literal["same", "gone", "new"]) -> list[Line]:
    return [Line(op, (Piece(op, text),)) for text in lines]


def shortened(text: str, *, first: bool, last: bool) -> Iterator[Piece]:
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
