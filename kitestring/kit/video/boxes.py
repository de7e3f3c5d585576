"""Looks into the boxes of an MP4 or MOV for what ffmpeg does not list: whatever lies there beside pictures and sound.

What may be there is named. Sources: ISO/IEC 14496-12, 4.2 and 8; QuickTime File Format, "Movie atoms".
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

# By the path of the box they lie in. `free`, `skip`, `wide`: room, which has to be empty.
INSIDE: Final = {
    "": frozenset(b"ftyp moov mdat pdin moof mfra sidx styp".split()),
    "moov": frozenset(b"mvhd trak mvex iods udta".split()),
    "moov/trak": frozenset(b"tkhd mdia edts tref load udta".split()),
    "moov/udta": frozenset(b"meta".split()) | {b"\xa9swr"},
    "moov/trak/udta": frozenset[bytes](),
    "moov/udta/meta": frozenset(b"hdlr ilst".split()),
    "moov/udta/meta/ilst": frozenset({b"\xa9too"}),  # its words are in ffmpeg's list
}
ROOM: Final = frozenset(b"free skip wide".split())
WITH_VERSION: Final = "moov/udta/meta"  # four bytes before the boxes inside
PIECE: Final = 1 << 20


def says_more(path: Path) -> bool:
    """Whether a box is there that is not of the film itself, or something behind its end. Raises OSError."""
    with path.open("rb") as file:
        return _odd(file, 0, os.fstat(file.fileno()).st_size, "")


def _odd(file: BinaryIO, start: int, end: int, inside: str) -> bool:
    for name, body, after in _boxes(file, start, end):
        if not name or (name not in INSIDE[inside] and name not in ROOM):
            return True
        if name in ROOM and _filled(file, body, after):
            return True
        within = f"{inside}/{name.decode('latin-1')}".lstrip("/")
        if within in INSIDE and _odd(file, body + (4 if within == WITH_VERSION else 0), after, within):
            return True
    return False


def _boxes(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, where its content begins, where it ends); the name b"" for what is no box."""
    while at < end:
        file.seek(at)
        head = file.read(min(16, end - at))
        if not any(head) and end - at <= 4:  # QuickTime closes its lists so
            return
        size, name, body = int.from_bytes(head[:4], "big"), head[4:8], at + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), at + 16
        elif size == 0:
            size = end - at
        after = at + size
        if len(name) < 4 or after < body or after > end:
            yield b"", at, end
            return
        yield name, body, after
        at = after


def _filled(file: BinaryIO, at: int, end: int) -> bool:
    file.seek(at)
    while at < end:
        piece = file.read(min(PIECE, end - at))
        if not piece:
            return False
        if piece.strip(b"\0"):
            return True
        at += len(piece)
    return False
