"""Which letters the fonts of the paper have: read from the tables in the files themselves."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import Final

from kitestring.kit.text import INVISIBLE

FONTS: Final = Path(__file__).resolve().parent.parent / "paper" / "fonts"
SHOWN: Final = 5


def unprintable(text: str) -> str:
    """The first letters that would come out as empty boxes, with spaces between; "" when there are none."""
    known = letters()
    strange = dict.fromkeys(c for c in INVISIBLE.sub("", text) if not c.isspace() and ord(c) not in known)
    return " ".join(list(strange)[:SHOWN])


@cache
def letters() -> frozenset[int]:
    """Code points of the two faces in their regular weight; the bold files hold the same."""
    return frozenset().union(*(_of(path.read_bytes()) for path in sorted(FONTS.glob("*-400.ttf"))))


def _of(font: bytes) -> set[int]:
    """The code points of a font's `cmap` (formats 4 and 12, which every Unicode font has)."""
    (tables,) = struct.unpack(">H", font[4:6])
    entries = (struct.unpack(">4sLLL", font[12 + 16 * n : 28 + 16 * n]) for n in range(tables))
    start = next(offset for tag, _sum, offset, _size in entries if tag == b"cmap")
    (count,) = struct.unpack(">H", font[start + 2 : start + 4])
    found: set[int] = set()
    for n in range(count):
        _platform, _encoding, offset = struct.unpack(">HHL", font[start + 4 + 8 * n : start + 12 + 8 * n])
        table = font[start + offset :]
        (form,) = struct.unpack(">H", table[:2])
        found |= _segments(table) if form == 4 else _groups(table) if form == 12 else set()
    return found


def _segments(table: bytes) -> set[int]:
    count = struct.unpack(">H", table[6:8])[0] // 2
    ends = struct.unpack(f">{count}H", table[14 : 14 + 2 * count])
    starts = struct.unpack(f">{count}H", table[16 + 2 * count : 16 + 4 * count])
    return {c for first, last in zip(starts, ends, strict=True) for c in range(first, last + 1)} - {0xFFFF}


def _groups(table: bytes) -> set[int]:
    (count,) = struct.unpack(">L", table[12:16])
    groups = (struct.unpack(">LLL", table[16 + 12 * n : 28 + 12 * n]) for n in range(count))
    return {c for first, last, _glyph in groups for c in range(first, last + 1)}
